/** The built product with one migration more, as the next version would bring it. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export interface NextVersion {
  /** For `startApi` and its like. */
  folder: string;
  remove(): Promise<void>;
}

export async function buildNextVersion(migration: { name: string; sql: string }): Promise<NextVersion> {
  const folder = await mkdtemp(join(tmpdir(), 'entrada-next-'));
  await cp('dist', join(folder, 'dist'), { recursive: true });
  await cp('package.json', join(folder, 'package.json'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const migrations = join(folder, 'dist/apps/api/database/migrations');
  await cp(join(migrations, 'index.js'), join(migrations, 'before.js'));
  await writeFile(
    join(migrations, 'index.js'),
    `import { migrations as before } from './before.js';
class Next {
  name = ${JSON.stringify(migration.name)};
  up = (runner) => runner.query(${JSON.stringify(migration.sql)});
  down = () => Promise.resolve();
}
export const migrations = [...before, Next];
`,
  );
  await mkdir(join(folder, 'apps/web'), { recursive: true });
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
