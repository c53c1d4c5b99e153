import type { Person } from '../people.ts';
import { hiddenFields, html } from './html.ts';
import type { Page } from './layout.ts';
import { personTile } from './person-tile.ts';

export interface SignInView {
  action: string;
  fields: Record<string, string | undefined>;
  appName: string;
  scopes: string[];
  people: Person[];
  /** Somebody this browser knows already. */
  signedIn: Person | undefined;
  /** Somebody the app asked for. */
  hinted: Person | undefined;
  problem: string | undefined;
}

export function signInPage(view: SignInView): Page {
  const first = view.hinted ?? view.signedIn;
  const others = view.people.filter((person) => person !== first);
  return {
    title: 'Sign in',
    body: html`<h1>Pick an account</h1>
      <p class="quiet">to sign in to <strong>${view.appName}</strong></p>
      ${view.problem && html`<p class="notice" role="alert">${view.problem}</p>`}
      <form method="post" action="${view.action}">
        ${hiddenFields(view.fields)}
        ${
          first &&
          html`<h2>${first === view.signedIn ? 'Signed in on this browser' : 'Suggested'}</h2>
            <ul class="people single">
              ${personTile(first)}
            </ul>
            <h2>Someone else</h2>`
        }
        <ul class="people">
          ${others.map((person) => personTile(person))}
        </ul>
        <details>
          <summary>${view.appName} asks for ${view.scopes.length} permissions</summary>
          <ul>
            ${view.scopes.map((scope) => html`<li>${scope}</li>`)}
          </ul>
        </details>
        <div class="actions">
          <button class="action" name="decision" value="cancel">Cancel</button>
        </div>
      </form>`,
  };
}
