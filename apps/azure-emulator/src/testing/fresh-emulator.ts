import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Call } from '../call-log.ts';
import { startEmulator, type EmulatorOptions } from '../start.ts';

/** An emulator of its own for one test file, in a folder that goes away with it. */
export type FreshEmulator = Awaited<ReturnType<typeof freshEmulator>>;

export async function freshEmulator(options: Partial<EmulatorOptions> = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'azure-emulator-'));
  const emulator = await startEmulator({ dataDir, ...options });
  const control = (method: string, path: string, body?: unknown) =>
    fetch(`${emulator.httpUrl}/_control${path}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
  return {
    ...emulator,
    ca: await readFile(emulator.caFile, 'utf8'),
    control,
    pull: async (levers: unknown) => {
      const response = await control('PATCH', '', levers);
      if (!response.ok) throw new Error(await response.text());
    },
    tokensFor: async (person: string, scope: string, more: object = {}) => {
      const response = await control('POST', '/tokens', { person, scope, ...more });
      return (await response.json()) as Record<string, string>;
    },
    log: async (query = '') => (await (await control('GET', `/log${query}`)).json()) as Call[],
    stop: async () => {
      await emulator.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}
