import type { ArgumentsHost } from '@nestjs/common';
import type { ErrorCode } from '#contracts';
import type { AppError } from './app-error.ts';

/** Hears of every failure before it is answered; who is not interested lets it pass. Platform does not know who listens. */
export abstract class RefusalLog {
  abstract hear(error: AppError, host: ArgumentsHost): Promise<void>;
  /** Of what is refused before it is a call; `what` names it. */
  abstract hearOf(code: ErrorCode, what: string): Promise<void>;
}
