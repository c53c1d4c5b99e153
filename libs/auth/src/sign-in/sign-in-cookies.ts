import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newSecretToken } from '#platform';
import type { Credential } from '../access/authenticator.ts';
import { credentialOf } from '../access/credential.ts';
import { AuthConfig } from '../config/auth-config.ts';
import type { Session } from '../sessions/session.entity.ts';
import { browserCookieName, cookieAttributes, sessionCookieName } from '../sessions/session-cookie.ts';

/** As long as browsers keep a cookie at all. It authorizes nothing by itself. */
const browserCookieSeconds = 400 * 24 * 60 * 60;

/** The two cookies: the session's, and the browser's own secret, to which sign-ins and sessions are bound. */
@Injectable()
export class SignInCookies {
  private readonly sessionName: string;
  private readonly browserName: string;

  constructor(private readonly config: AuthConfig) {
    this.sessionName = sessionCookieName(config.isHttps);
    this.browserName = browserCookieName(config.isHttps);
  }

  credential = ({ raw }: FastifyRequest): Credential => credentialOf(raw, this.config.isHttps);
  sessionToken = (request: FastifyRequest): string | null => this.credential(request).token;
  browser = (request: FastifyRequest): string | null => this.credential(request).browser;

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

  /** The browser's secret stays: it tells a known device from a new one. */
  clearSession(reply: FastifyReply): void {
    void reply.clearCookie(this.sessionName, cookieAttributes(this.config.isHttps));
  }

  private set(reply: FastifyReply, name: string, value: string, maxAge: number | undefined): void {
    void reply.setCookie(name, value, {
      ...cookieAttributes(this.config.isHttps),
      ...(maxAge ? { maxAge } : {}),
    });
  }
}
