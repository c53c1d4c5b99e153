import { fork, spawn } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readEnvironment } from './settings.ts';
import { startEmulator } from './start.ts';
import { postForm } from './testing/browser.ts';

const post = async (url: string, body: object) => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).json();
};

describe('the emulator as a whole', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'azure-emulator-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('keeps its CA, its keys and what it has handed out over a restart', async () => {
    const first = await startEmulator({ dataDir });
    const scope = 'openid offline_access User.Read';
    const tokens = (await post(`${first.httpUrl}/_control/tokens`, { person: 'uma', scope })) as Record<
      string,
      string
    >;
    const ca = await stat(first.caFile);
    expect((await stat(join(dataDir, 'ca-key.pem'))).mode & 0o777).toBe(0o600);
    await first.stop();

    const second = await startEmulator({ dataDir });
    expect((await stat(second.caFile)).mtimeMs).toBe(ca.mtimeMs);
    const renewed = await postForm(`${second.httpUrl}/${second.tenantId}/oauth2/v2.0/token`, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token!,
      client_id: second.clientId,
      client_secret: second.clientSecret,
    });
    expect(renewed.status).toBe(200);
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    expect((await fetch(`${second.httpUrl}/v1.0/me`, { headers })).status).toBe(200);
    await second.stop();
  });

  it('says in one sentence that a port is taken or the folder is of no use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startEmulator({ dataDir, httpsPort: port })).rejects.toThrow(`port ${port} is taken.`);
    other.close();
    await writeFile(join(dataDir, 'file'), '');
    await expect(startEmulator({ dataDir: join(dataDir, 'file', 'x') })).rejects.toThrow(
      'cannot use its data folder',
    );
    expect(() => readEnvironment({ EMULATOR_HTTP_PORT: 'many' })).toThrow(
      'EMULATOR_HTTP_PORT: must be a port number',
    );
  });

  it('tunnels to nobody but itself', async () => {
    const emulator = await startEmulator({ dataDir });
    const connectTo = (path: string) =>
      new Promise((resolve, reject) => {
        const { port } = new URL(emulator.proxyUrl);
        request({ host: '127.0.0.1', port, method: 'CONNECT', path })
          .on('connect', (response, socket) => resolve([response.statusCode, socket.destroy()][0]))
          .on('error', reject)
          .end();
      });
    expect(await connectTo('login.microsoftonline.com:443')).toBe(200);
    expect(await connectTo('example.com:443')).toBe(403);
    expect(await connectTo('login.microsoftonline.com:22')).toBe(403);
    await emulator.stop();
  });

  it('runs as a program: one line when it is ready, a clean end by signal, an error code for a bad start', async () => {
    const run = (variables: NodeJS.ProcessEnv) => {
      const env = { ...process.env, EMULATOR_DATA_DIR: dataDir, ...variables };
      return spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'main.ts')], { env });
    };
    const ports = { EMULATOR_HTTP_PORT: '0', EMULATOR_HTTPS_PORT: '0', EMULATOR_PROXY_PORT: '0' };
    const program = run(ports);
    const line = await new Promise<string>((resolve) =>
      program.stdout.once('data', (text: Buffer) => resolve(text.toString())),
    );
    const ready = JSON.parse(line) as { ready: boolean; env: Record<string, string>; httpUrl: string };
    expect(ready.ready).toBe(true);
    expect(ready.env.NODE_EXTRA_CA_CERTS).toBe(join(dataDir, 'ca.pem'));
    const { port } = new URL(ready.httpUrl);
    const second = run({ ...ports, EMULATOR_HTTP_PORT: port });
    let said = '';
    second.stderr.on('data', (text: Buffer) => (said += text.toString()));
    expect(await new Promise((resolve) => second.once('close', resolve))).toBe(1);
    expect(said.trim()).toBe(`The Azure emulator cannot start: port ${port} is taken.`);
    program.kill('SIGTERM');
    expect(await new Promise((resolve) => program.once('close', resolve))).toBe(0);
  });

  it('ends with the process that started it', async () => {
    const ports = { EMULATOR_HTTP_PORT: '0', EMULATOR_HTTPS_PORT: '0', EMULATOR_PROXY_PORT: '0' };
    const program = fork(join(import.meta.dirname, 'main.ts'), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, EMULATOR_DATA_DIR: dataDir, ...ports },
      silent: true,
    });
    await new Promise((resolve) => program.stdout!.once('data', resolve));
    program.disconnect();
    expect(await new Promise((resolve) => program.once('exit', resolve))).toBe(0);
  });
});
