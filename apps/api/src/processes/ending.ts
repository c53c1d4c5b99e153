import type { INestApplication } from '@nestjs/common';
import type { Logger } from 'pino';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Draining } from './draining.ts';

/** After the grace: to store what is left and to close the connections. */
const closeWithinMs = 15_000;

/**
 * SIGTERM and SIGINT drain the process and end it; a second one ends it at once. An exception that nobody caught ends it
 * the same way, with exit code 1: what it left behind is unknown, so the supervisor's next process takes over, but what
 * is under way is finished first (docs/decisions/0025). Further ones meanwhile are only written down.
 */
export function endInOrder(app: INestApplication, logger: Logger, telemetry: Telemetry): void {
  let isEnding = false;
  const end = async (reason: object, exitCode: number): Promise<void> => {
    isEnding = true;
    logger.info({ msg: 'draining', ...reason });
    await app.get(Draining).drain();
    setTimeout(() => process.exit(1), closeWithinMs).unref();
    await app.close();
    await telemetry.end();
    logger.info({ msg: 'ended' });
    process.exit(exitCode);
  };
  const begin = (reason: object, exitCode: number): void => {
    end(reason, exitCode).catch((error: unknown) => {
      logger.error({ msg: 'could not end in order', err: error });
      process.exit(1);
    });
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => (isEnding ? process.exit(1) : begin({ signal }, 0)));
  process.on('uncaughtException', (error) => {
    logger.error({ msg: 'an exception was not caught: this process ends', err: error });
    if (!isEnding) begin({ reason: 'uncaughtException' }, 1);
  });
}

/** Of one request or one timer, which has failed; all others go on (docs/decisions/0025). */
export function outliveRejections(logger: Logger): void {
  process.on('unhandledRejection', (error) =>
    logger.error({ msg: 'a promise was rejected and nobody listened', err: error }),
  );
}
