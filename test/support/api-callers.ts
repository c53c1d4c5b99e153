/** Scripts that bring an Entra access token of a person with every call, and nothing else; the tokens are the emulator's. */
import type { Problem, WholeTurnAnswer } from '#contracts';
import type { Stack } from './stack.ts';
import type { Answer } from './visitor.ts';

export interface Me {
  id: string;
  email: string;
  displayName: string;
  isAdmin: boolean;
  roles: string[];
}

interface AuditEntry {
  actor_email: string | null;
  outcome: string;
  session_id: string | null;
  resource_type: string;
  details: Record<string, unknown>;
}

export class ApiCallers {
  readonly clientId: string;
  private readonly minted = new Set<string>();
  private readonly linesBefore: string[] = [];

  constructor(private readonly stack: Stack) {
    this.clientId = String(stack.env.AZURE_CLIENT_ID);
  }

  async of(person: string): Promise<Script> {
    return this.with(await this.tokenOf(person));
  }

  with(token: string): Script {
    return new Script(this.stack.url, `Bearer ${token}`);
  }

  async tokenOf(person: string, scope?: string): Promise<string> {
    return String((await this.mint(person, scope)).access_token);
  }

  async spoiltToken(flaw: object, person = 'uma'): Promise<string> {
    await this.stack.azure.set({ accessTokens: [{ person, grant: 'control', ...flaw }] });
    return this.tokenOf(person);
  }

  /** What the token endpoint answers once this person has signed in for another application of the organisation. */
  async mint(
    person: string,
    scope = `api://${this.clientId}/access_as_user`,
  ): Promise<Record<string, string>> {
    const answer = await this.stack.azure.tokensFor(person, scope);
    for (const token of [answer.access_token, answer.id_token]) if (token) this.minted.add(token);
    return answer;
  }

  async restartApi(changes: Record<string, string> = {}): Promise<void> {
    const { api } = this.stack;
    await this.stack.restartApi('SIGTERM', changes);
    this.linesBefore.push(...api.lines);
  }

  entries(action: string): Promise<AuditEntry[]> {
    return this.stack.database.rows('SELECT * FROM audit_entries WHERE action = $1 ORDER BY sequence', [
      action,
    ]);
  }

  /** The API's log of the whole file, and the parts of every token handed out that must not be in it. */
  logAndSecrets(): { log: string; secrets: string[] } {
    return {
      log: [...this.linesBefore, ...this.stack.api.lines].join('\n'),
      secrets: [...this.minted].flatMap((token) => token.split('.').slice(1)),
    };
  }
}

/** No cookies, no Origin, no CSRF token. */
export class Script {
  constructor(
    private readonly url: string,
    private readonly authorization: string,
  ) {}

  get = <Body = Problem>(path: string) => this.send<Body>('GET', path);
  post = <Body = Problem>(path: string, body?: object) => this.send<Body>('POST', path, body);
  ask = (message = 'Hello') => this.post<WholeTurnAnswer>('/api/chat/message', { message });

  async send<Body = Problem>(
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: this.authorization,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson && text ? JSON.parse(text) : text) as Body,
    };
  }

  /** Status and code, as far as a refusal is concerned. */
  async refusal(method = 'GET', path = '/api/auth/me', body?: object): Promise<string> {
    const { status, headers, body: problem } = await this.send(method, path, body);
    const isProblem = headers.get('content-type')?.startsWith('application/problem+json');
    return isProblem ? `${status} ${problem.code}` : `${status} without a problem`;
  }
}
