import { SECOND_STEP_NUMBER, type Person } from '../people.ts';
import { hiddenFields, html } from './html.ts';
import type { Page } from './layout.ts';

export interface SecondStepView {
  action: string;
  fields: Record<string, string | undefined>;
  person: Person;
  isWrong: boolean;
}

export function secondStepPage({ action, fields, person, isWrong }: SecondStepView): Page {
  return {
    title: 'One more step',
    narrow: true,
    body: html`<h1>One more step</h1>
      <p class="quiet">
        ${person.displayName}, Contoso wants to be sure that it is you. Enter the number shown to approve the
        sign-in.
      </p>
      <p class="number" id="shown">${SECOND_STEP_NUMBER}</p>
      ${isWrong && html`<p class="notice" role="alert">That is not the number shown.</p>`}
      <form method="post" action="${action}">
        ${hiddenFields(fields)}
        <label for="number">Number shown</label>
        <input
          type="text"
          id="number"
          name="number"
          inputmode="numeric"
          autocomplete="off"
          maxlength="2"
          required
          autofocus
          aria-describedby="shown"
        />
        <div class="actions">
          <button class="action primary">Approve</button>
          <button class="action" name="decision" value="cancel" formnovalidate>Cancel</button>
        </div>
      </form>`,
  };
}
