import { expect, it } from 'vitest';
import { isForPerson } from './static-site.ts';

const accept = 'text/html,application/xhtml+xml,*/*;q=0.8';
const ask = (url: string, headers: Record<string, string> = { accept }, method = 'GET') =>
  isForPerson({ method, url, headers });

it.each(['/nowhere', '/account/nowhere', '/nowhere?next=/api', '/apiary', '/metricsx'])(
  'a person who asks for %s is shown a page',
  (url) => {
    expect(ask(url)).toBe(true);
  },
);

it.each([
  '/api',
  '/api/nowhere',
  '/API/nowhere',
  '/%61pi/nowhere',
  '//api/nowhere',
  '/api%2fnowhere',
  '/socket.io/x',
  '/metrics/x',
  '/.well-known/x',
  '/_next/static/gone.js',
  '/%zz',
])('%s is not for persons, whatever they accept', (url) => {
  expect(ask(url)).toBe(false);
});

it('neither is what does not ask for a page', () => {
  expect(ask('/nowhere', { accept: '*/*' })).toBe(false);
  expect(ask('/nowhere', {})).toBe(false);
  expect(ask('/nowhere', { accept }, 'POST')).toBe(false);
});
