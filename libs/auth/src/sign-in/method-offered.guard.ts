import { type CanActivate, Injectable, mixin, type Type } from '@nestjs/common';
import type { SignInMethod } from '#contracts';
import { AppError } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';

/** A method that AUTH_METHODS does not name is not there: 404, like any unknown address. */
export function MethodOffered(method: SignInMethod): Type<CanActivate> {
  @Injectable()
  class MethodOfferedGuard implements CanActivate {
    constructor(readonly config: AuthConfig) {}

    canActivate(): boolean {
      if (!(this.config.methods as readonly SignInMethod[]).includes(method)) throw new AppError('not_found');
      return true;
    }
  }
  return mixin(MethodOfferedGuard);
}
