/** One browser as the API sees it: keeps cookies, sends Origin and the CSRF token on writes, follows no redirect. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DeviceAttempt, Problem, SessionAnswer } from '#contracts';
import type { Azure } from './azure.ts';

export interface Answer<Body> {
  status: number;
  headers: Headers;
  body: Body;
}

type Headers_ = Record<string, string>;

/** What one process has changed the other hears within a second, mostly within milliseconds; the next request may be its. */
const mostlyHeard = async (): Promise<void> => {
  if (process.env.TEST_BEHIND_NGINX === 'true') await delay(50);
};

export class Visitor {
  readonly cookies = new Map<string, string>();
  csrfToken: string | null = null;

  /**
   * `origin` is the address that the page was loaded from, where that is not the process asked; `untilHeard` waits until
   * all processes have heard what one of them has changed.
   */
  constructor(
    readonly url: string,
    readonly origin = url,
    private readonly untilHeard = mostlyHeard,
  ) {}

  /** The same browser, asking another process. */
  at(url: string): Visitor {
    const visitor = new Visitor(url, this.origin, this.untilHeard);
    for (const [name, value] of this.cookies) visitor.cookies.set(name, value);
    visitor.csrfToken = this.csrfToken;
    return visitor;
  }

  get<Body = unknown>(path: string, headers: Headers_ = {}): Promise<Answer<Body>> {
    return this.send('GET', path, undefined, headers);
  }

  post<Body = unknown>(path: string, body?: unknown, headers: Headers_ = {}): Promise<Answer<Body>> {
    return this.send('POST', path, body, headers);
  }

  patch<Body = unknown>(path: string, body: unknown, headers: Headers_ = {}): Promise<Answer<Body>> {
    return this.send('PATCH', path, body, headers);
  }

  delete<Body = unknown>(path: string, headers: Headers_ = {}): Promise<Answer<Body>> {
    return this.send('DELETE', path, undefined, headers);
  }

  async send<Body>(
    method: string,
    path: string,
    body?: unknown,
    headers: Headers_ = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.cookies.size > 0 ? { cookie: this.cookieHeader } : {}),
        ...(method === 'GET' ? {} : { origin: this.origin }),
        ...(method !== 'GET' && this.csrfToken ? { 'x-csrf-token': this.csrfToken } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    this.keepCookies(response.headers);
    if (method !== 'GET' || path.startsWith('/api/auth/callback')) await this.untilHeard();
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text ? JSON.parse(text) : text) as Body,
    };
  }

  get cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get sessionCookie(): string | undefined {
    return [...this.cookies].find(([name]) => name.endsWith('entrada_session'))?.[1];
  }

  /** From the login link to the way back, as far as Entra's answer to our callback. */
  async beginSignIn(query = ''): Promise<string> {
    const { status, headers } = await this.get(`/api/auth/login${query}`);
    const location = headers.get('location') ?? '';
    if (status !== 302) throw new Error(`login answered ${status}`);
    return location;
  }

  /** Signs in by authorization code; returns where the browser ends up. */
  async signIn(azure: Azure, person: string, query = ''): Promise<string> {
    const back = await azure.approveSignIn(await this.beginSignIn(query), person);
    const { headers } = await this.get(back.pathname + back.search);
    await this.readSession();
    return headers.get('location') ?? '';
  }

  async beginDevice(body: object = {}): Promise<DeviceAttempt> {
    const { status, body: attempt } = await this.post<DeviceAttempt>('/api/auth/device', body);
    if (status !== 201) throw new Error(`device answered ${status}`);
    return attempt;
  }

  /** Reads the session and remembers its CSRF token, as the page does. */
  async readSession(): Promise<SessionAnswer | null> {
    const { status, body } = await this.get<SessionAnswer>('/api/auth/session');
    this.csrfToken = status === 200 ? body.csrfToken : null;
    return status === 200 ? body : null;
  }

  private keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const name = pair.slice(0, pair.indexOf('='));
      const value = pair.slice(pair.indexOf('=') + 1);
      const isGone = attributes.some((attribute) => /^(max-age=0|expires=thu, 01 jan 1970)/i.test(attribute));
      if (isGone || value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

export type ProblemAnswer = Answer<Problem>;
