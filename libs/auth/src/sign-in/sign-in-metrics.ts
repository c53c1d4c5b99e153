import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import type { ErrorCode, SignInMethod } from '#contracts';

/** `api_bearer`: somebody who brings a token with every call, when first seen. */
export type WayIn = SignInMethod | 'api_bearer';

@Injectable()
export class SignInMetrics {
  private readonly signIns: Counter<'method' | 'outcome' | 'code'>;

  constructor(registry: Registry) {
    this.signIns = new Counter({
      name: 'entrada_sign_ins_total',
      help: 'Sign-ins by method and how they ended; `code` says why one failed.',
      labelNames: ['method', 'outcome', 'code'],
      registers: [registry],
    });
  }

  succeeded(method: WayIn): void {
    this.signIns.inc({ method, outcome: 'succeeded', code: '' });
  }

  failed(method: WayIn, code: ErrorCode): void {
    this.signIns.inc({ method, outcome: 'failed', code });
  }
}
