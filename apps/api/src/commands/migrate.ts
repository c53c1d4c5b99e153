/** `npm run migrate`: brings the schema up to date, as a job of its own before the API's processes start. */
import { auditEnvironment } from '#audit';
import { EnvironmentError, type EnvironmentFault, platformEnvironment, readSlice } from '#platform';
import { done, runCommand } from './command.ts';
import { migrate } from '../database/migrate.ts';

const usage = 'Write: npm run migrate, with DATABASE_URL and, where it differs, DATABASE_OWNER_URL';

function settings(): Parameters<typeof migrate>[0] {
  const faults: EnvironmentFault[] = [];
  const { title, variables } = platformEnvironment;
  const addresses = variables.pick({ DATABASE_URL: true, DATABASE_OWNER_URL: true });
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl = url } = readSlice(
    { title, variables: addresses },
    process.env,
    faults,
  );
  const { AUDIT_RETENTION_DAYS: auditRetentionDays } = readSlice(
    { title, variables: auditEnvironment.variables.pick({ AUDIT_RETENTION_DAYS: true }) },
    process.env,
    faults,
  );
  if (faults.length > 0) throw new EnvironmentError(faults);
  return { url, ownerUrl, auditRetentionDays };
}

await runCommand(usage, async () => {
  const ran = await migrate(settings());
  return done(
    ran.length > 0 ? `The schema was brought up to date: ${ran.join(', ')}.` : 'The schema is up to date.',
  );
});
