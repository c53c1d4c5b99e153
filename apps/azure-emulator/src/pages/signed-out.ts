import { html } from './html.ts';
import type { Page } from './layout.ts';

export function signedOutPage(frames: string[], goOnTo: string | undefined): Page {
  return {
    title: 'Signed out',
    narrow: true,
    refreshTo: goOnTo,
    body: html`<h1>You signed out of your account</h1>
      <p class="quiet">It’s a good idea to close all browser windows.</p>
      ${goOnTo !== undefined && html`<p><a href="${goOnTo}">Back to the app</a></p>`}
      ${frames.map((url) => html`<iframe src="${url}" title="Telling the app"></iframe>`)}`,
  };
}
