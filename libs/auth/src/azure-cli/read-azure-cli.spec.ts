import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { fakeAz, readCliConfig } from '../../../../test/support/fake-az.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 30_000 });

it('finds the Azure CLI usable, and prepares its folders for this account alone', async () => {
  const fake = fakeAz();
  const { faults, azureCli } = await readCliConfig(fake);
  expect(faults).toEqual([]);
  expect(azureCli).toMatchObject({ binDir: join(fake.baseDir, 'bin') });
  expect(readdirSync(fake.baseDir).toSorted()).toEqual(['bin', 'pending', 'users']);
  expect(statSync(fake.baseDir).mode & 0o777).toBe(0o700);
  expect(fake.calls()).toEqual(['version --output json']);
});

it('does nothing where it is not offered', async () => {
  const fake = fakeAz();
  expect(await readCliConfig(fake, { AUTH_METHODS: 'authorization_code' })).toMatchObject({
    faults: [],
    azureCli: undefined,
  });
  expect(readdirSync(fake.folder)).not.toContain('base');
});

it.each([
  ['missing', { AZURE_CLI_PATH: '/nowhere/az' }, {}, /^there is no executable \/nowhere\/az: install/],
  ['missing from PATH', { AZURE_CLI_PATH: 'no-such-az' }, {}, /^there is no executable no-such-az: install/],
  [
    'old',
    {},
    { version: `echo '{"azure-cli": "2.36.9"}'` },
    /^version 2\.36\.9 is too old: install .* 2\.37\.0/,
  ],
  ['hanging', {}, { version: 'sleep 600' }, /^it did not say its version within/],
  ['talking garbage', {}, { version: 'echo garbage' }, /^it does not say its version/],
  [
    'talking garbage as JSON',
    {},
    { version: `echo '{"azure-cli": "soon"}'` },
    /^it does not say its version/,
  ],
  ['failing', {}, { version: `echo '{"azure-cli": "2.60.0"}'; exit 1` }, /^it does not say its version/],
])('CFG-01: a %s az is a fault that says what to do', async (what, changes, commands, problem) => {
  const { faults } = await readCliConfig(fakeAz(commands), changes, what === 'hanging' ? 1_000 : 30_000);
  expect(faults).toEqual([{ variable: 'AZURE_CLI_PATH', problem: expect.stringMatching(problem) as string }]);
});

it.each(['2.37.0', '2.45.1', '3.0.0', '10.0.0'])('version %s will do', async (version) => {
  expect((await readCliConfig(fakeAz({ version: `echo '{"azure-cli": "${version}"}'` }))).faults).toEqual([]);
});

it('CFG-01: a folder that others can read is a fault', async () => {
  const fake = fakeAz();
  mkdirSync(fake.baseDir);
  chmodSync(fake.baseDir, 0o755);
  expect((await readCliConfig(fake)).faults).toMatchObject([
    {
      variable: 'AZURE_CONFIG_BASE_DIR',
      problem: expect.stringContaining(`chmod 700 ${fake.baseDir}`) as string,
    },
  ]);
});

it('CFG-01: a folder that cannot be made is a fault', async () => {
  const fake = fakeAz();
  expect((await readCliConfig({ ...fake, baseDir: join(fake.executable, 'base') })).faults).toMatchObject([
    { variable: 'AZURE_CONFIG_BASE_DIR', problem: expect.stringContaining('ENOTDIR') as string },
  ]);
});

it.each([
  [{ AZURE_TENANT_ID: 'organizations', ALLOWED_TENANTS: '7C0DE000-a2e0-4c05-8050-c0c0a0000001' }, []],
  [
    {
      AZURE_TENANT_ID: 'organizations',
      ALLOWED_TENANTS: '7c0de000-a2e0-4c05-8050-c0c0a0000001,7c0de000-a2e0-4c05-8050-c0c0a0000002',
    },
    ['AUTH_METHODS'],
  ],
])('CFG-01: signs in at one tenant: %j', async (changes, variables) => {
  const { faults, azureCli } = await readCliConfig(fakeAz(), changes);
  expect(faults.map(({ variable }) => variable)).toEqual(variables);
  if (variables.length === 0) expect(azureCli?.tenantId).toBe('7c0de000-a2e0-4c05-8050-c0c0a0000001');
});
