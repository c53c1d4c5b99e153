import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  EnvironmentError,
  type EnvironmentFault,
  environmentSlice,
  listVariable,
  numberVariable,
  readSlice,
} from './environment.ts';
import { platformEnvironment } from './platform-environment.ts';

const goodKey = 'k1:3q2+796tvu/erb7v3q2+796tvu/erb7vAQIDBAUGBwg=';
const good = {
  PUBLIC_URL: 'https://chat.example.org',
  DATABASE_URL: 'postgres://entrada:canary@db:5432/entrada',
  ENCRYPTION_KEYS: goodKey,
};

function read(changes: Record<string, string | undefined>) {
  const faults: EnvironmentFault[] = [];
  const values = readSlice(platformEnvironment, { ...good, ...changes }, faults);
  return { values, faults, variables: faults.map(({ variable }) => variable) };
}

describe('the environment of the platform', () => {
  it('needs three variables and has a default for each other one', () => {
    const { values, faults } = read({});
    expect(faults).toEqual([]);
    expect(values).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      DATABASE_POOL_SIZE: 10,
      DATABASE_STATEMENT_SECS: 15,
      TRUSTED_PROXIES: [],
      LOG_LEVEL: 'info',
    });
  });

  it.each([
    ['PUBLIC_URL', 'HTTPS://Chat.Example.org:443/', 'https://chat.example.org'],
    ['PUBLIC_URL', 'http://localhost:3000/', 'http://localhost:3000'],
    ['PUBLIC_URL', 'http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['PUBLIC_URL', 'http://[::1]:3000', 'http://[::1]:3000'],
    ['PORT', ' 8080 ', 8080],
    ['TRUSTED_PROXIES', '10.0.0.0/8, ::1', ['10.0.0.0/8', '::1']],
  ] as const)('%s=%s is understood', (variable, written, value) => {
    const { values, faults } = read({ [variable]: written });
    expect(faults).toEqual([]);
    expect(values[variable]).toEqual(value);
  });

  it.each<[string, Record<string, string | undefined>]>([
    ['PUBLIC_URL', { PUBLIC_URL: undefined }],
    ['PUBLIC_URL', { PUBLIC_URL: '  ' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'chat.example.org' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://chat.example.org' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://localhost.evil.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://127.0.0.1.evil.example' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://chat.example.org/app' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://chat.example.org?x=1' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://chat.example.org#x' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://user:canary@chat.example.org' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'https://*' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'javascript:alert(1)' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '3000x' }],
    ['PORT', { PORT: '-1' }],
    ['PORT', { PORT: '0x50' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://canary' }],
    ['DATABASE_OWNER_URL', { DATABASE_OWNER_URL: 'canary' }],
    ['DATABASE_POOL_SIZE', { DATABASE_POOL_SIZE: '0' }],
    ['REDIS_URL', { REDIS_URL: 'http://canary' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '*' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: 'true' }],
    ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/8,proxy' }],
    ['METRICS_TOKEN', { METRICS_TOKEN: 'canary' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: undefined }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: 'canary' }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: goodKey.slice(3) }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: 'k1:Y2FuYXJ5' }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: `${goodKey}AAAA` }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 'abc').toString('base64')}` }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: `${goodKey},${goodKey}` }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: `${goodKey},` }],
    ['ENCRYPTION_KEYS', { ENCRYPTION_KEYS: 'k1:<openssl rand -base64 32>' }],
  ])('CFG-01: refuses a wrong %s: %j', (variable, changes) => {
    const { faults, variables } = read(changes);
    expect(variables).toEqual([variable]);
    expect(faults[0]?.problem).toMatch(/write|is not set/);
    expect(new EnvironmentError(faults).message).not.toMatch(/canary|3q2/);
  });

  it('CFG-01: tells all faults at once, each with its variable', () => {
    const { faults, variables } = read({
      PUBLIC_URL: '',
      PORT: 'x',
      DATABASE_URL: 'x',
      ENCRYPTION_KEYS: 'x',
    });
    expect(variables).toEqual(['PUBLIC_URL', 'PORT', 'DATABASE_URL', 'ENCRYPTION_KEYS']);
    expect(new EnvironmentError(faults).message.split('\n')).toHaveLength(5);
  });
});

describe('a slice', () => {
  const slice = environmentSlice({
    title: 'Test',
    variables: z.object({ LIST: listVariable.default([]), COUNT: numberVariable(1, 10).default(5) }),
    check: ({ LIST, COUNT }) =>
      LIST && COUNT && LIST.length > COUNT ? [{ variable: 'LIST', problem: 'too long' }] : [],
  });

  it('checks rules between variables only where each is right by itself', () => {
    const faults: EnvironmentFault[] = [];
    readSlice(slice, { LIST: 'a,b', COUNT: '1' }, faults);
    readSlice(slice, { LIST: 'a,b', COUNT: 'x' }, faults);
    expect(faults.map(({ variable }) => variable)).toEqual(['LIST', 'COUNT']);
  });
});
