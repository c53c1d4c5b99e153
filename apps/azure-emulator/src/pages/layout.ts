import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { TENANT } from '../people.ts';
import { html, Html } from './html.ts';
import { STYLE } from './style.ts';

export interface Page {
  title: string;
  body: Html;
  narrow?: boolean;
  /** For the few pages that go on by themselves. */
  script?: string;
  refreshTo?: string;
}

export function sendPage(reply: FastifyReply, page: Page, status = 200): FastifyReply {
  const scripts = page.script ? hashOf(page.script) : "'none'";
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'no-referrer')
    .header(
      'content-security-policy',
      `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${scripts}; frame-src *; base-uri 'none'; frame-ancestors 'none'`,
    )
    .send(`<!doctype html>${render(page).text}`);
}

function render({ title, body, narrow, script, refreshTo }: Page): Html {
  return html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      ${refreshTo !== undefined && html`<meta http-equiv="refresh" content="1; url=${refreshTo}" />`}
      <title>${title} – Azure emulator</title>
      ${verbatim('style', STYLE)}
    </head>
    <body>
      <div class="banner" role="note">Azure emulator — not Microsoft. No password is asked for.</div>
      <div class="wrap">
        <main class="${narrow ? 'narrow' : ''}">
          <p class="tenant">${TENANT.displayName}</p>
          ${body}
        </main>
      </div>
      ${script !== undefined && verbatim('script', script)}
    </body>
  </html>`;
}

/** To the byte what the policy's hash was made of. */
function verbatim(element: 'style' | 'script', text: string): Html {
  return new Html(`<${element}>${text}</${element}>`);
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
