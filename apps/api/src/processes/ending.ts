import type { INestApplication } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Draining } from './draining.ts';

/** After the grace: to store what is left and to close the connections. */
const closeWithinMs = 15_000;

/** SIGTERM and SIGINT drain the process and end it; a second one ends it at once. */
export function endOnSignals(app: INestApplication, logger: Logger, telemetry: Telemetry): void {
  let isEnding = false;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (isEnding) process.exit(1);
    isEnding = true;
    logger.info({ msg: 'draining', signal });
    await app.get(Draining).drain();
    setTimeout(() => process.exit(1), closeWithinMs).unref();
    await app.close();
    await telemetry.end();
    logger.info({ msg: 'ended' });
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      end(signal).catch((error: unknown) => {
        logger.error({ msg: 'could not end in order', err: error });
        process.exit(1);
      });
    });
}
