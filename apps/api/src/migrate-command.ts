/** `npm run migrate`: brings the schema up to date, as a job of its own before the API's processes start. */
import { EnvironmentError, type EnvironmentFault, platformEnvironment, readSlice } from '#platform';
import { migrate } from './database/migrate.ts';

function addresses(): { url: string; ownerUrl: string } {
  const { title, variables } = platformEnvironment;
  const faults: EnvironmentFault[] = [];
  const slice = { title, variables: variables.pick({ DATABASE_URL: true, DATABASE_OWNER_URL: true }) };
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl = url } = readSlice(slice, process.env, faults);
  if (faults.length > 0) throw new EnvironmentError(faults);
  return { url, ownerUrl };
}

try {
  const ran = await migrate(addresses());
  console.log(
    ran.length > 0 ? `The schema was brought up to date: ${ran.join(', ')}.` : 'The schema is up to date.',
  );
} catch (error) {
  console.error(
    error instanceof EnvironmentError ? error.message : `The migrations failed: ${(error as Error).message}`,
  );
  process.exitCode = 1;
}
