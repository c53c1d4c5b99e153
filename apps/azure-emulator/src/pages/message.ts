import { html, type Html } from './html.ts';
import type { Page } from './layout.ts';

export function refusalPage(reason: string): Page {
  return {
    title: 'Sign-in did not work',
    narrow: true,
    body: html`<h1>Sorry, but we’re having trouble signing you in</h1>
      <p class="notice" role="alert">${reason}</p>
      <p class="quiet">Go back to choose another account, or to the app to start again.</p>`,
  };
}

export function messagePage(title: string, text: string | Html): Page {
  return {
    title,
    narrow: true,
    body: html`<h1>${title}</h1>
      <p class="quiet">${text}</p>`,
  };
}
