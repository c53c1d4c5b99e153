import type { Person } from '../people.ts';
import { hiddenFields, html } from './html.ts';
import type { Page } from './layout.ts';
import { personTile } from './person-tile.ts';

export function deviceCodePage(problem?: string): Page {
  return {
    title: 'Enter code',
    narrow: true,
    body: html`<h1>Enter code to allow access</h1>
      <p class="quiet">
        Once you enter the code displayed on your app or device, it will have access to your account.
      </p>
      <p class="caution">Do not enter codes from sources you don’t trust.</p>
      ${problem && html`<p class="notice" role="alert">${problem}</p>`}
      <form method="post" action="/devicelogin">
        <label for="user_code">Code</label>
        <input
          class="code"
          type="text"
          id="user_code"
          name="user_code"
          autocomplete="off"
          autocapitalize="characters"
          spellcheck="false"
          required
          autofocus
        />
        <div class="actions"><button class="action primary">Next</button></div>
      </form>`,
  };
}

export function pickForDevicePage(userCode: string, appName: string, people: Person[]): Page {
  return {
    title: 'Sign in',
    body: html`<h1>Pick an account</h1>
      <p class="quiet">
        to sign in to <strong>${appName}</strong> on another device, with code
        <span class="code">${userCode}</span>
      </p>
      <p class="caution">Only continue if you started this sign-in yourself.</p>
      <form method="post" action="/devicelogin">
        ${hiddenFields({ user_code: userCode })}
        <ul class="people">
          ${people.map((person) => personTile(person))}
        </ul>
        <div class="actions"><button class="action" name="decision" value="decline">Cancel</button></div>
      </form>`,
  };
}

export function confirmPage(fields: Record<string, string>, appName: string, person: Person): Page {
  return {
    title: 'Confirm',
    narrow: true,
    body: html`<h1>Are you trying to sign in to ${appName}?</h1>
      <p class="quiet">You are signing in as <strong>${person.displayName}</strong> (${person.mail}).</p>
      <p class="caution">
        Only continue if you started this: whoever shows the code
        <span class="code">${fields.user_code}</span> gets access to your account.
      </p>
      <form method="post" action="/devicelogin">
        ${hiddenFields(fields)}
        <div class="actions">
          <button class="action primary" name="decision" value="approve">Continue</button>
          <button class="action" name="decision" value="decline">Cancel</button>
        </div>
      </form>`,
  };
}
