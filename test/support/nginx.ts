/** Debian's nginx with the configuration of deploy/nginx; only its place in the world is another one. */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export const hasNginx = existsSync('/usr/sbin/nginx');

export interface WebServer {
  /** As after a change of its configuration: new workers, the old ones end with their connections. */
  reload(): void;
  stop(): Promise<void>;
}

export async function startNginx(port: number, apiPorts: readonly number[]): Promise<WebServer> {
  const folder = mkdtempSync(join(tmpdir(), 'entrada-nginx-'));
  cpSync('deploy/nginx', folder, { recursive: true });
  cpSync('/etc/nginx/mime.types', join(folder, 'mime.types'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const servers = apiPorts.map((apiPort) => `server 127.0.0.1:${apiPort} max_fails=0;`).join('\n');
  write('place/main.conf', `pid ${folder}/nginx.pid; error_log ${folder}/stderr warn;`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  write(
    'place/http.conf',
    `access_log ${folder}/stdout entries; ${temporary}
     upstream api { least_conn; ${servers} keepalive 64; }
     upstream sockets { hash $remote_addr$http_cookie consistent; ${servers} }`,
  );
  write(
    'place/server.conf',
    `listen 127.0.0.1:${port}; listen [::1]:${port}; root ${resolve('apps/web/out')};`,
  );
  write(
    'page-policies.conf',
    execFileSync(process.execPath, ['dist/apps/api/web/nginx-policies.js'], { encoding: 'utf8' }),
  );

  const asRoot = process.getuid?.() === 0 ? ' user root;' : '';
  const child = spawn('/usr/sbin/nginx', ['-p', folder, '-c', 'nginx.conf', '-g', `daemon off;${asRoot}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (data) => (complaint += String(data)));
  const ended = new Promise<void>((resolved) => child.once('exit', () => resolved()));
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}: ${complaint}`);
    await wait(20);
  }
  return {
    reload: () => void child.kill('SIGHUP'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolved) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolved(true)).once('error', () => resolved(false));
    socket.once('connect', () => socket.end());
  });
