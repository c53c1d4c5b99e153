/** The built web app: files of a static export, each page with a policy that names its own inline scripts. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { repositoryRoot } from '../version.ts';

export const siteFolder = join(repositoryRoot, 'apps/web/out');

const inlineScript = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g;

/** CSP sources for the inline scripts of a page; without them no script that slips into a page could run. */
export const scriptHashes = (html: string): string[] => [
  ...new Set(
    [...html.matchAll(inlineScript)].map(
      ([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`,
    ),
  ),
];

export const contentSecurityPolicy = (hashes: readonly string[] = []): string =>
  [
    "default-src 'self'",
    ["script-src 'self'", ...hashes].join(' '),
    // Components place themselves by inline style; a style cannot run.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ].join('; ');

/** Serves the site at `/`; answers false when it has not been built. */
export async function serveSite(fastify: FastifyInstance): Promise<boolean> {
  if (!existsSync(join(siteFolder, 'index.html'))) return false;
  const policies = pagePolicies();
  await fastify.register(fastifyStatic, {
    root: siteFolder,
    // Only what was there at the start is routed, so no address reaches the file system by its spelling.
    wildcard: false,
    // The build lays a compressed twin beside each text file.
    preCompressed: true,
    globIgnore: ['**/*.gz'],
    extensions: ['html'],
    cacheControl: false,
    setHeaders: (reply, sent) => {
      const path = sent.replace(/\.gz$/, '');
      const policy = policies.get(path);
      if (policy) void reply.header('content-security-policy', policy);
      const isImmutable = path.includes('/_next/static/');
      void reply.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  for (const page of pages()) {
    const address = `/${page.replace(/\.html$/, '')}`;
    if (page.endsWith('.html') && page !== 'index.html' && !page.endsWith('/index.html')) {
      fastify.get(address, (_request, reply) => reply.sendFile(page));
    }
  }
  fastify.addHook('onRequest', showNotFound(policies));
  return true;
}

const machineAddress = /^\/+(api|socket\.io|metrics|\.well-known|_next)(\/|$)/i;

/** Whether a person is looking, who can do more with a page than with a problem document. */
export function isForPerson({
  method,
  url,
  headers,
}: Pick<FastifyRequest, 'method' | 'url' | 'headers'>): boolean {
  if (method !== 'GET' || !/\btext\/html\b/i.test(headers.accept ?? '')) return false;
  try {
    // As the router reads it: `/%61pi` is the API too.
    return !machineAddress.test(decodeURIComponent(url.split('?', 1)[0] ?? ''));
  } catch {
    return false;
  }
}

/** An address that leads nowhere is the built page with status 404. */
function showNotFound(policies: Map<string, string>) {
  const path = join(siteFolder, '404.html');
  const page = existsSync(path) ? readFileSync(path) : null;
  return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (page === null || !request.is404 || !isForPerson(request)) return done();
    void reply
      .code(404)
      .type('text/html; charset=utf-8')
      .headers({
        'content-security-policy': policies.get(path),
        'cache-control': 'no-store',
        vary: 'accept',
      })
      .send(page);
  };
}

const pages = (): string[] =>
  readdirSync(siteFolder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.html'));

const pagePolicies = (): Map<string, string> =>
  new Map(
    pages().map((page) => {
      const path = join(siteFolder, page);
      return [path, contentSecurityPolicy(scriptHashes(readFileSync(path, 'utf8')))];
    }),
  );
