import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { OutboundError, outboundFetch } from './outbound.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const allowed = 'https://login.example.test';
const sent: { url: string; init: RequestInit }[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('fetch', (input: RequestInfo | URL, init: RequestInit = {}) => {
    sent.push({ url: input instanceof Request ? input.url : String(input), init });
    return Promise.resolve(new Response('{}'));
  });
});
afterEach(() => vi.unstubAllGlobals());

const door = outboundFetch({ origins: [`${allowed}/some/path`, 'http://127.0.0.1:4010'], timeoutMs: 50 });

describe('the door out', () => {
  it.each([
    `${allowed}/token`,
    'https://LOGIN.example.test:443/token',
    'http://127.0.0.1:4010/',
    // What a browser takes for 127.0.0.1 is 127.0.0.1.
    'http://0x7f.1:4010/',
  ])('lets %s through', async (url) => {
    await door(url);
    await door(new URL(url));
    await door(new Request(url));
    expect(sent).toHaveLength(3);
  });

  it.each([
    ['another host', 'https://evil.example/token'],
    ['a subdomain', 'https://a.login.example.test/'],
    ['a longer name', 'https://login.example.test.evil.example/'],
    ['our name as user', 'https://login.example.test@evil.example/'],
    ['our name behind a backslash', 'https://evil.example\\@login.example.test/'],
    ['http', 'http://login.example.test/'],
    ['another port', 'https://login.example.test:8443/'],
    ['a trailing dot', 'https://login.example.test./'],
    ['another port of this machine', 'http://127.0.0.1:22/'],
    ['this machine as mapped IPv6', 'http://[::ffff:127.0.0.1]:4010/'],
    ['advisory 3: this machine as mapped IPv6 in hex', 'http://[::ffff:7f00:1]:4010/'],
    ['this machine as IPv6', 'http://[::1]:4010/'],
    ['this machine by name', 'http://localhost:4010/'],
    ['this machine as any address', 'http://0.0.0.0:4010/'],
    ['this machine as a number of another port', 'http://2130706433/'],
    ['a cloud’s metadata', 'http://169.254.169.254/latest/meta-data/'],
    ['a cloud’s metadata as mapped IPv6', 'http://[::ffff:a9fe:a9fe]/'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:text/plain,x'],
    ['a blob of an allowed origin', `blob:${allowed}/1`],
  ])('API-07: refuses %s', async (_, url) => {
    await expect(door(url)).rejects.toBeInstanceOf(OutboundError);
    await expect(door(new URL(url))).rejects.toBeInstanceOf(OutboundError);
    expect(sent).toEqual([]);
  });

  it('API-07: follows no redirect, whatever the caller wishes', async () => {
    await door(allowed, { redirect: 'follow' });
    await door(new Request(allowed, { redirect: 'follow' }));
    expect(sent.map(({ init }) => init.redirect)).toEqual(['error', 'error']);
  });

  it('names no more than the origin of what it refused', async () => {
    await expect(door('https://evil.example/path?code=canary')).rejects.toThrow(
      /^https:\/\/evil\.example is not/,
    );
  });

  it('F6: ends every call, though the garbage is collected meanwhile', async () => {
    await door(allowed);
    await door(allowed, { signal: new AbortController().signal });
    collectGarbage();
    await expect.poll(() => sent.map(({ init }) => init.signal?.aborted)).toEqual([true, true]);
  });

  it('ends sooner if the caller says so, and never by itself where it has no deadline', async () => {
    const caller = new AbortController();
    const endless = outboundFetch({ origins: [allowed], timeoutMs: null });
    await door(allowed, { signal: caller.signal });
    await endless(allowed, { signal: caller.signal });
    await endless(allowed);
    caller.abort(new Error('stopped'));
    await door(allowed, { signal: caller.signal });
    expect(sent.map(({ init }) => (init.signal ? (init.signal.reason as Error).message : null))).toEqual([
      'stopped',
      'stopped',
      null,
      'stopped',
    ]);
  });
});
