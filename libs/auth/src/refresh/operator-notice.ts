import { Injectable, Logger } from '@nestjs/common';
import type { EntraFailure } from '../entra/entra-failure.ts';

/** What only the operator can mend is said once, and once again when it is over; a thousand people fail of one cause. */
@Injectable()
export class OperatorNotice {
  private readonly logger = new Logger('EntraConfiguration');
  private since: string | null = null;

  say({ message, refusal, cause }: Pick<EntraFailure, 'message' | 'refusal' | 'cause'>): void {
    const what = refusal?.error ?? message;
    if (this.since === what) return;
    this.since = what;
    this.logger.error({
      msg: `Azure tokens cannot be refreshed until the app registration or the configuration is mended: ${message}`,
      status: refusal?.status,
      err: cause,
    });
  }

  over(): void {
    if (this.since === null) return;
    this.since = null;
    this.logger.log({ msg: 'Azure tokens are refreshed again' });
  }
}
