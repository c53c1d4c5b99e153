import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import type { Fetch } from '#platform';

/** What an OAuth endpoint says when it refuses, reduced to what decisions are made on. */
export interface OAuthRefusal {
  status: number;
  error: string;
  suberror?: string;
  claims?: string;
  retryAfterSeconds?: number;
}

/**
 * MSAL's network, through the one door out. It remembers the last refusal, because MSAL's own errors drop the status
 * and fold `error` into text, and text is nothing to decide on.
 */
export class EntraNetwork implements INetworkModule {
  refusal: OAuthRefusal | null = null;

  constructor(private readonly fetch: Fetch) {}

  sendGetRequestAsync<Body>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<Body>> {
    return this.send('GET', url, options);
  }

  sendPostRequestAsync<Body>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<Body>> {
    return this.send('POST', url, options);
  }

  /** What Entra said to the last call explains no failure of the next. */
  protected forgetRefusal(): void {
    this.refusal = null;
  }

  private async send<Body>(
    method: string,
    url: string,
    options: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<Body>> {
    this.forgetRefusal();
    const response = await this.fetch(url, {
      method,
      headers: options.headers ?? {},
      body: options.body ?? null,
    });
    const body = (await response.json()) as Body;
    this.refusal = refusalOf(response, body);
    return { status: response.status, headers: Object.fromEntries(response.headers), body };
  }
}

function refusalOf(response: Response, body: unknown): OAuthRefusal | null {
  const { error, suberror, claims } = (body ?? {}) as Record<string, unknown>;
  if (response.ok && error === undefined) return null;
  const wait = Number(response.headers.get('retry-after'));
  return {
    status: response.status,
    error: typeof error === 'string' ? error : 'unknown',
    ...(typeof suberror === 'string' ? { suberror } : {}),
    ...(typeof claims === 'string' ? { claims } : {}),
    ...(Number.isFinite(wait) && wait > 0 ? { retryAfterSeconds: wait } : {}),
  };
}
