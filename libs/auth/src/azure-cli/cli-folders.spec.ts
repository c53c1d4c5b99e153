import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeAz, readCliConfig } from '../../../../test/support/fake-az.ts';
import { CliFolders } from './cli-folders.ts';

vi.setConfig({ hookTimeout: 30_000 });

let folders: CliFolders;
let base: string;
beforeEach(async () => {
  const fake = fakeAz();
  folders = new CliFolders((await readCliConfig(fake)).config);
  base = fake.baseDir;
});

const write = (folder: string, text: string) => writeFileSync(join(folder, 'msal_token_cache.json'), text);
const read = (userId: string) => readFileSync(join(folders.ofUser(userId), 'msal_token_cache.json'), 'utf8');
async function pending(text: string, id = 'attempt') {
  write(await folders.create(id), text);
  return id;
}
const names = (folder: string) => readdirSync(join(base, folder));

describe('folders of the Azure CLI', () => {
  it('are for this account alone', async () => {
    const mode = (folder: string) => statSync(folder).mode & 0o777;
    await folders.adopt(await pending('first'), 'uma');
    await folders.create('other');
    expect([base, folders.pending('other'), folders.ofUser('uma')].map(mode)).toEqual([0o700, 0o700, 0o700]);
  });

  it('move to the person in one step, in place of the one before', async () => {
    await folders.adopt(await pending('first'), 'uma');
    await folders.adopt(await pending('second'), 'uma');
    expect(read('uma')).toBe('second');
    expect([names('pending'), names('users')]).toEqual([[], ['uma']]);
  });

  it('when the move fails, the person has the one before', async () => {
    await folders.adopt(await pending('first'), 'uma');
    await expect(folders.adopt('not-there', 'uma')).rejects.toThrow('ENOENT');
    expect(read('uma')).toBe('first');
    expect(names('users')).toEqual(['uma']);
  });

  it('a move cut off in the middle is undone', async () => {
    await folders.adopt(await pending('first'), 'uma');
    renameSync(folders.ofUser('uma'), `${folders.ofUser('uma')}.replaced`);
    expect(await folders.listUsers()).toMatchObject([{ id: 'uma' }]);
    await folders.recover('uma');
    expect(read('uma')).toBe('first');
  });

  it('a move cut off at its end is finished', async () => {
    await folders.adopt(await pending('second'), 'uma');
    mkdirSync(`${folders.ofUser('uma')}.replaced`);
    await folders.recover('uma');
    expect(read('uma')).toBe('second');
    expect(names('users')).toEqual(['uma']);
  });

  it('a move after one that was cut off loses neither', async () => {
    await folders.adopt(await pending('first'), 'uma');
    renameSync(folders.ofUser('uma'), `${folders.ofUser('uma')}.replaced`);
    await expect(folders.adopt('not-there', 'uma')).rejects.toThrow('ENOENT');
    expect(read('uma')).toBe('first');
  });

  it('wiped, nothing is left, aside or half removed', async () => {
    await folders.adopt(await pending('first'), 'uma');
    mkdirSync(`${folders.ofUser('uma')}.replaced`);
    await folders.wipe('uma');
    expect([names('pending'), names('users')]).toEqual([[], []]);
    await folders.wipe('uma');
  });

  it('are none where the Azure CLI was never offered', async () => {
    const never = new CliFolders({
      ...(await readCliConfig(fakeAz())).config,
      azureConfigBaseDir: join(base, 'never'),
    });
    expect([await never.listPending(), await never.listUsers()]).toEqual([[], []]);
    await never.wipe('uma');
    expect(existsSync(join(base, 'never'))).toBe(false);
  });
});
