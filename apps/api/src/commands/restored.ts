/**
 * `npm run restored`: after a backup was restored in a way that the API cannot notice by itself (a disk, a whole server, to a
 * point in time), signs everybody out, with the API's DATABASE_URL. One sentence, and an entry in the log.
 */
import { userInfo } from 'node:os';
import { AuditLog } from '#audit';
import { Restoration } from '#auth';
import { Clock } from '#platform';
import { done, runCommand, withDatabase } from './command.ts';

await runCommand('Write: npm run restored, with DATABASE_URL', () =>
  withDatabase(async (database) => {
    const clock = new Clock();
    const restoration = new Restoration(database, clock, new AuditLog(database, clock));
    const { sessions, tokens } = await restoration.confirm(userInfo().username);
    return done(
      `Everybody has to sign in again: ${sessions} sessions were ended, the Azure tokens of ${tokens} people removed.`,
    );
  }),
);
