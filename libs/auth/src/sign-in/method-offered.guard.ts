import { type CanActivate, Injectable, mixin, type Type } from '@nestjs/common';
import type { SignInMethod } from '#contracts';
import { AppError } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';

/** Where AUTH_METHODS names none of these methods, what they need is not there: 404, like any unknown address. */
export function MethodOffered(...methods: SignInMethod[]): Type<CanActivate> {
  @Injectable()
  class MethodOfferedGuard implements CanActivate {
    constructor(readonly config: AuthConfig) {}

    canActivate(): boolean {
      if (!methods.some((method) => this.config.methods.includes(method))) throw new AppError('not_found');
      return true;
    }
  }
  return mixin(MethodOfferedGuard);
}
