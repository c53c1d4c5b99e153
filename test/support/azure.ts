/** The levers and the log of the Azure emulator, and what a person does on its pages, without a browser. */
export interface AzureCall {
  id: number;
  /** When it arrived, ISO 8601. */
  at: string;
  area: string;
  method: string;
  path: string;
  status: number | null;
  durationMs: number | null;
  aborted: boolean;
  traceparent?: string;
  person?: string;
  personId?: string;
  grant?: string;
  audience?: string;
  resource?: string;
  tokenId?: string;
  deployment?: string;
  deltas?: number;
  error?: string;
}

export class Azure {
  constructor(readonly url: string) {}

  /** Sets levers, as documented in the emulator's README. */
  async set(levers: object): Promise<void> {
    await this.send('PATCH', '/_control', levers);
  }

  async reset(): Promise<void> {
    await this.send('DELETE', '/_control');
  }

  /** What reached this part of Azure, oldest first. */
  async calls(area?: string, more: { person?: string; grant?: string } = {}): Promise<AzureCall[]> {
    const filter = new URLSearchParams({ ...(area ? { area } : {}), ...more });
    return (await (await this.send('GET', `/_control/log?${filter}`)).json()) as AzureCall[];
  }

  async person(alias: string): Promise<{ alias: string; id: string; groups: string[] }> {
    const response = await this.send('GET', '/_control/people');
    const people = (await response.json()) as { alias: string; id: string; groups: string[] }[];
    return people.find((person) => person.alias === alias)!;
  }

  async changePerson(alias: string, change: object): Promise<void> {
    await this.send('PATCH', `/_control/people/${alias}`, change);
  }

  /** More people of one kind: `like-1`, `like-2`, … */
  async addPeople(like: string, count: number): Promise<void> {
    await this.send('POST', '/_control/people', { like, count });
  }

  async revokeGrants(alias: string): Promise<void> {
    await this.send('POST', `/_control/people/${alias}/revoke`);
  }

  async rotateSigningKey({ keepOld = true } = {}): Promise<void> {
    await this.send('POST', '/_control/rotate-signing-key', { keepOld });
  }

  /** What Entra's token endpoint would give this person for these scopes. */
  async tokensFor(person: string, scope: string): Promise<Record<string, string>> {
    const response = await this.send('POST', '/_control/tokens', { person, scope });
    return (await response.json()) as Record<string, string>;
  }

  /** What the sign-in page's form posts; returns where the browser is sent back to. */
  async approveSignIn(authorizeUrl: string, person: string, more: Record<string, string> = {}): Promise<URL> {
    const { origin, pathname, searchParams } = new URL(authorizeUrl);
    const response = await fetch(`${origin}/${pathname.split('/')[1]}/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...Object.fromEntries(searchParams), person, ...more }),
    });
    const location = response.headers.get('location');
    if (!location) throw new Error(`the sign-in page answered ${response.status}: ${await response.text()}`);
    return new URL(location);
  }

  async answerDeviceCode(
    userCode: string,
    person: string,
    decision: 'approve' | 'decline' = 'approve',
  ): Promise<void> {
    const response = await fetch(`${this.url}/devicelogin`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ user_code: userCode, person, decision }),
    });
    if (response.status >= 400)
      throw new Error(`the device page answered ${response.status}: ${await response.text()}`);
  }

  private async send(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(this.url + path, {
      method,
      ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response;
  }
}
