import { describe, expect, it } from 'vitest';
import { describeSettings } from './configuration-entry.ts';
import { environmentSlices } from './config.ts';

const declared = environmentSlices.flatMap(({ variables }) => Object.keys(variables.shape));

describe('LOG-01: what the log is told of the configuration', () => {
  it('is what was set, and nothing that was not declared', () => {
    expect(
      describeSettings(declared, { PORT: ' 80 ', HOST: '', PATH: '/bin', SESSION_IDLE_MINUTES: '5' }),
    ).toEqual({
      PORT: '80',
      SESSION_IDLE_MINUTES: '5',
    });
  });

  it('is never the value of a secret, nor of a variable that nobody has thought about', () => {
    const everything = Object.fromEntries([...declared, 'NEW'].map((name) => [name, `canary of ${name}`]));
    const described = describeSettings([...declared, 'NEW'], everything);
    const secrets = ['DATABASE_URL', 'DATABASE_OWNER_URL', 'REDIS_URL', 'ENCRYPTION_KEYS', 'METRICS_TOKEN'];
    for (const name of [...secrets, 'AZURE_CLIENT_SECRET', 'AZURE_CLIENT_CERTIFICATE_PATH', 'NEW'])
      expect(described).toMatchObject({ [name]: 'set' });
    expect(described.ROLE_MAPPINGS).toBe('canary of ROLE_MAPPINGS');
  });
});
