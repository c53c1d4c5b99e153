import { hiddenFields, html } from './html.ts';
import type { Page } from './layout.ts';

/** `response_mode=form_post`: the browser carries the answer to the app in a body, not in an address. */
export function formPostPage(action: string, fields: [string, string][]): Page {
  return {
    title: 'Working',
    narrow: true,
    script: 'document.forms[0].submit()',
    body: html`<h1>Back to the app</h1>
      <form method="post" action="${action}">
        ${hiddenFields(Object.fromEntries(fields))}
        <div class="actions"><button class="action primary">Continue</button></div>
      </form>`,
  };
}
