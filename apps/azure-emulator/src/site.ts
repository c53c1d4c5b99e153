import type { RequestListener } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import cookie from '@fastify/cookie';
import { authorize } from './authorize.ts';
import { watchCalls } from './call-watch.ts';
import type { Routes, Site } from './cloud.ts';
import { device } from './device.ts';
import { answerEntraErrors } from './entra/error-answers.ts';
import { graph } from './graph.ts';
import type { Area } from './levers.ts';
import { logout } from './logout.ts';
import { openai } from './openai.ts';
import { discovery, keys } from './openid.ts';
import { management } from './resource-manager.ts';
import { token } from './token.ts';

/** The whole emulated Azure in one table: which part answers, and the name tests know it by. */
const PARTS: [Area, Routes][] = [
  ['discovery', discovery],
  ['keys', keys],
  ['authorize', authorize],
  ['authorize', logout],
  ['token', token],
  ['device', device],
  ['graph', graph],
  ['management', management],
  ['openai', openai],
];

const LARGEST_BODY = 16 * 1024 * 1024;

/** What stands behind one door; `extra` are routes that only this door has. */
export async function createSite(site: Site, extra?: Routes): Promise<RequestListener> {
  const app = Fastify({ bodyLimit: LARGEST_BODY });
  await app.register(cookie);
  acceptForms(app);
  answerEntraErrors(app, site);
  for (const [area, routes] of PARTS) {
    await app.register(async (part) => {
      watchCalls(part, site.cloud, area);
      await routes(part, site);
    });
  }
  if (extra) await app.register(async (part) => extra(part, site));
  await app.ready();
  return app.routing.bind(app);
}

function acceptForms(app: FastifyInstance): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
}
