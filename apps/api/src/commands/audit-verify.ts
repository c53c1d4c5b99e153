/**
 * `npm run audit:verify [-- --head sequence:hash]`: computes the hashes of the whole audit log anew, with the API's
 * DATABASE_URL. One line; exit code 0 when nothing was altered. `--head` is one that was kept elsewhere, from the API's log
 * or its metrics: only that shows that the newest entries were cut off, or everything rewritten.
 */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { AuditLog, parseHead, Verification } from '#audit';
import { Clock, type Database } from '#platform';
import { done, type Outcome, refused, runCommand, withDatabase } from './command.ts';

const usage = 'Write: npm run audit:verify [-- --head sequence:hash], the head as the API has logged it';

/** Who may read the log only, may verify it all the same. */
async function record(database: Database, outcome: 'success' | 'failure', details: object): Promise<string> {
  const by = { by: 'audit:verify', osUser: userInfo().username };
  try {
    await new AuditLog(database, new Clock()).record({
      action: 'audit.verified',
      outcome,
      details: { ...details, ...by },
    });
    return '';
  } catch (error) {
    return ` This verification could not be recorded: ${(error as Error).message}.`;
  }
}

async function verify(database: Database, heads: readonly string[]): Promise<Outcome> {
  const known = heads.map(parseHead);
  if (known.includes(null)) return refused(usage);
  const { valid, ...found } = await new Verification(database).verify(known.filter((head) => head !== null));
  const note = await record(database, valid ? 'success' : 'failure', found);
  return valid
    ? done(`The audit log is intact: ${found.checked} entries checked.${note}`)
    : refused(
        `The audit log was altered. The first entry that is not as it was sealed is number ${found.firstBrokenSequence}; ${found.checked} were checked.${note}`,
      );
}

await runCommand(usage, () => {
  const { values } = parseArgs({ options: { head: { type: 'string', multiple: true } } });
  return withDatabase((database) => verify(database, values.head ?? []));
});
