/**
 * `npm run break-glass -- --grant-admin <e-mail address or object id>`: makes somebody who has signed in before an
 * active administrator, from the operator's shell, with the API's DATABASE_URL. One sentence, and an entry in the log.
 */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { AuditLog } from '#audit';
import { BreakGlass } from '#auth';
import { Clock } from '#platform';
import { done, type Outcome, refused, runCommand, withDatabase } from './command.ts';

const usage =
  'Write: npm run break-glass -- --grant-admin <e-mail address or object id of somebody who has signed in before>';

async function grantAdmin(breakGlass: BreakGlass, who: string): Promise<Outcome> {
  const people = await breakGlass.find(who);
  const [person] = people;
  if (!person) return refused(`Nobody known here is “${who}”. They have to sign in once first.`);
  if (people.length > 1) {
    const list = people.map(({ id, displayName, lastSignInAt }) =>
      ['', id, displayName, `last signed in ${lastSignInAt?.toISOString() ?? 'never'}`].join('  '),
    );
    return refused([`“${who}” means several people. Name one of these by the id:`, ...list].join('\n'));
  }
  const name = `${person.displayName} (${person.email ?? person.objectId})`;
  const isNew = await breakGlass.grantAdmin(person.id, userInfo().username);
  return done(isNew ? `${name} is an administrator now.` : `${name} was an administrator already.`);
}

await runCommand(usage, async () => {
  const { values } = parseArgs({ options: { 'grant-admin': { type: 'string' } } });
  const who = values['grant-admin']?.trim();
  if (!who) return refused(usage);
  return withDatabase((database) => {
    const clock = new Clock();
    return grantAdmin(new BreakGlass(database, clock, new AuditLog(database, clock)), who);
  });
});
