/** The levers and the log of the Azure emulator, and what a person does on its pages, without a browser. */
export interface AzureCall {
  area: string;
  person?: string;
  personId?: string;
  status: number;
  grantType?: string;
  isAborted?: boolean;
  [fact: string]: unknown;
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

  async calls(area?: string): Promise<AzureCall[]> {
    const response = await this.send('GET', '/_control/log');
    const calls = (await response.json()) as AzureCall[] | { items: AzureCall[] };
    const all = Array.isArray(calls) ? calls : calls.items;
    return area ? all.filter((call) => call.area === area) : all;
  }

  async changePerson(alias: string, change: object): Promise<void> {
    await this.send('PATCH', `/_control/people/${alias}`, change);
  }

  async revokeGrants(alias: string): Promise<void> {
    await this.send('POST', `/_control/people/${alias}/revoke`);
  }

  async rotateSigningKey(): Promise<void> {
    await this.send('POST', '/_control/rotate-signing-key', {});
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
