import type { Person } from '../people.ts';
import { html, type Html } from './html.ts';

const HUES = 6;

/** A button that signs in as this person. */
export function personTile(person: Person): Html {
  const initials = `${person.givenName[0]}${person.surname[0]}`;
  const hue = Number.parseInt(person.id.slice(-2), 10) % HUES;
  return html`<li>
    <button class="person" name="person" value="${person.alias}">
      <i class="avatar hue-${hue}" aria-hidden="true">${initials}</i>
      <div>
        <b>${person.displayName}</b>
        <span>${person.mail}</span>
        <span class="about">${person.about}</span>
      </div>
    </button>
  </li>`;
}
