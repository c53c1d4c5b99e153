import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newSecretToken } from '#platform';
import { AuthConfig } from '../config/auth-config.ts';
import type { Session } from '../sessions/session.entity.ts';
import {
  cookieAttributes,
  cookieName,
  readTokenCookie,
  sessionCookieName,
} from '../sessions/session-cookie.ts';

/** Long enough for the slowest sign-in; it authorizes nothing by itself. */
const browserCookieSeconds = 30 * 60;

/** The two cookies: the session's, and the one that binds a sign-in to the browser that began it. */
@Injectable()
export class SignInCookies {
  private readonly sessionName: string;
  private readonly browserName: string;

  constructor(private readonly config: AuthConfig) {
    this.sessionName = sessionCookieName(config.isHttps);
    this.browserName = cookieName('entrada_sign_in', config.isHttps);
  }

  sessionToken = (request: FastifyRequest): string | null =>
    readTokenCookie(request.headers.cookie, this.sessionName);
  browser = (request: FastifyRequest): string | null =>
    readTokenCookie(request.headers.cookie, this.browserName);

  /** The browser's secret; several tabs share it. */
  requireBrowser(request: FastifyRequest, reply: FastifyReply): string {
    const browser = this.browser(request) ?? newSecretToken();
    this.set(reply, this.browserName, browser, browserCookieSeconds);
    return browser;
  }

  /** Without “keep me signed in” the cookie ends with the browser; the server enforces the lifetime either way. */
  setSession(reply: FastifyReply, token: string, { remember, absoluteExpiresAt, createdAt }: Session): void {
    const seconds = Math.floor((absoluteExpiresAt.getTime() - createdAt.getTime()) / 1000);
    this.set(reply, this.sessionName, token, remember ? seconds : undefined);
  }

  clear(reply: FastifyReply): void {
    for (const name of [this.sessionName, this.browserName]) {
      void reply.clearCookie(name, cookieAttributes(this.config.isHttps));
    }
  }

  private set(reply: FastifyReply, name: string, value: string, maxAge: number | undefined): void {
    void reply.setCookie(name, value, {
      ...cookieAttributes(this.config.isHttps),
      ...(maxAge ? { maxAge } : {}),
    });
  }
}
