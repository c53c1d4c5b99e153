/** The services of docker-compose.yml with deploy/demo.env, from the images that were built; one process of the API. */
import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, fchownSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parse } from 'yaml';
import type { Conversation, Message } from '#contracts';
import { Azure } from '../support/azure.ts';
import { Visitor } from '../support/visitor.ts';
import { accounts, type Image } from './images.ts';
import { type Inside, Roots, run, start } from './roots.ts';

interface Service {
  image: string;
  command?: string[];
  user?: string;
  environment?: Record<string, string | null>;
  volumes?: string[];
  tmpfs?: string[];
}

const folder = process.argv[2]!;
const images = new Map(JSON.parse(readFileSync(join(folder, 'images.json'), 'utf8')) as [string, Image][]);
const given = Object.fromEntries(
  [...readFileSync('deploy/demo.env', 'utf8').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [
    name,
    value,
  ]),
) as Record<string, string>;
const { services } = parse(
  readFileSync('docker-compose.yml', 'utf8').replaceAll(
    /\$\{(\w+)(?::[-?]([^}]*))?\}/g,
    (_, name: string, standard = '') => given[name] ?? (standard as string),
  ),
  { merge: true },
) as { services: Record<string, Service> };

const roots = new Roots(folder);
const running: ChildProcess[] = [];

/** Where a service runs: its image's layers, its own volumes, nothing else to write to. */
function place(name: string): Inside & { command: string[]; image: Image | undefined } {
  const service = services[name]!;
  const image = images.get(service.image.match(/^entrada-(\w+):/)?.[1] ?? '');
  const layers = image?.layers ?? [...images.values()][0]!.layers.slice(-1);
  const { root } = roots.mount(`service-${name}`, layers);
  for (const volume of service.volumes ?? []) {
    const [from = '', to = '', mode] = volume.split(':');
    const source = from.startsWith('.') ? resolve(from) : join(folder, 'volumes', from);
    mkdirSync(source, { recursive: true });
    // A new volume takes over whom the image's folder belongs to.
    const own = statSync(join(root, to), { throwIfNoEntry: false });
    if (own && statSync(source).uid === 0) chownSync(source, own.uid, own.gid);
    roots.bind(root, to, source, mode === 'ro');
  }
  for (const path of service.tmpfs ?? []) roots.tmpfs(root, path);
  roots.seal(root);
  const user = service.user ?? image?.user ?? (service.image.startsWith('entrada-web') ? 'nginx' : name);
  return {
    root,
    image,
    account: accounts[user]!,
    workdir: image?.workdir ?? '/',
    env: {
      ...image?.env,
      ...Object.fromEntries(
        Object.entries(service.environment ?? {}).map(([variable, value]) => [variable, value ?? '']),
      ),
    },
    command: service.command ?? image?.command ?? [],
  };
}

/** `http2 on` came with nginx 1.25.1; this machine's may be older, and then goes without. */
function suitNginx({ layers }: Image): void {
  const { stderr } = spawnSync('/usr/sbin/nginx', ['-v'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = (/nginx\/([\d.]+)/.exec(stderr)?.[1] ?? '').split('.').map(Number);
  const file = join(layers[0]!, 'etc/nginx/place/server.conf');
  if (major === 1 && minor <= 25) writeFileSync(file, readFileSync(file, 'utf8').replace('http2 on;', ''));
}

function begin(name: string, where: Inside, command: readonly string[]): ChildProcess {
  // What it writes to belongs to its account, as engines see to it: nginx opens /dev/stderr anew.
  const log = openSync(join(folder, `${name}.log`), 'a');
  fchownSync(log, where.account, where.account);
  const child = start(where, command, { stdio: ['ignore', log, log] });
  running.push(child);
  child.once('exit', (code) => code && console.error(readFileSync(join(folder, `${name}.log`), 'utf8')));
  return child;
}

async function until(what: string, works: () => unknown): Promise<void> {
  for (let tries = 0; tries < 300; tries += 1) {
    try {
      await works();
      return console.log(`${what}: ready`);
    } catch {
      await wait(200);
    }
  }
  throw new Error(`${what} is not ready after a minute`);
}

/** As the images' entry point does it, for which this machine's Postgres stands in. */
async function startPostgres(): Promise<void> {
  const where = place('postgres');
  const data = '/var/lib/postgresql/data';
  const bin = '/usr/lib/postgresql/15/bin';
  execFileSync('chown', ['-R', `${where.account}:${where.account}`, join(folder, 'volumes/database')]);
  const {
    POSTGRES_USER: owner = '',
    POSTGRES_PASSWORD_FILE: password = '',
    POSTGRES_DB: name = '',
  } = where.env;
  run(where, [
    `${bin}/initdb`,
    '-D',
    data,
    '-U',
    owner,
    `--pwfile=${password}`,
    '--auth-local=trust',
    '--auth-host=scram-sha-256',
  ]);
  const sockets = '/run/postgresql';
  begin('postgres', where, [
    `${bin}/postgres`,
    '-D',
    data,
    '-k',
    sockets,
    '-c',
    'listen_addresses=127.0.0.1',
  ]);
  const own = { ...where, env: { ...where.env, PGHOST: sockets } };
  await until('postgres', () => run(own, [`${bin}/createdb`, '-U', owner, name]));
  run(own, ['/docker-entrypoint-initdb.d/roles.sh']);
}

/** The fixed addresses of compose: the API believes the forwarded headers of one of them. */
function openNetwork(): void {
  const ip = (...args: string[]) => execFileSync('ip', args);
  ip('link', 'set', 'lo', 'up');
  for (const host of [10, 11, 12]) ip('address', 'add', `172.30.7.${host}/32`, 'dev', 'lo');
  for (const host of [11, 12])
    ip('route', 'replace', 'local', `172.30.7.${host}`, 'dev', 'lo', 'src', '172.30.7.10', 'table', 'local');
}

async function signInAndChat(): Promise<void> {
  // The certificate is one that `prepare` has made.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
  const uma = new Visitor(given.PUBLIC_URL!);
  const page = await uma.get<string>('/login');
  if (page.status !== 200 || !page.headers.get('content-security-policy'))
    throw new Error('no page to sign in');
  const end = await uma.signIn(new Azure('http://localhost:4010'), 'uma');
  if (end !== '/' || !uma.csrfToken) throw new Error(`the sign-in ended at ${end}`);
  const { body: conversation } = await uma.post<Conversation>('/api/chat/conversations', {});
  const path = `/api/chat/conversations/${conversation.id}/messages`;
  await uma.post(path, { content: 'Hello', clientMessageId: crypto.randomUUID() });
  await until('an answer', async () => {
    const { body } = await uma.get<{ items: Message[] }>(path);
    if (!body.items.some(({ role, status }) => role === 'assistant' && status === 'done'))
      throw new Error('not yet');
  });
  console.log(`Signed in at ${given.PUBLIC_URL} and answered, as ${[...uma.cookies.keys()].join(', ')}`);
}

openNetwork();
try {
  const emulator = place('emulator');
  begin('emulator', emulator, emulator.command);
  const prepare = place('prepare');
  console.log(run(prepare, prepare.command).trim());
  await startPostgres();
  const redis = place('redis');
  begin('redis', redis, redis.command);
  const migrate = place('migrate');
  run(migrate, migrate.command);
  const api = place('api-1');
  const process1 = begin('api-1', api, api.command);
  await until('api-1, by its health check', () => run(api, api.image!.healthcheck));
  suitNginx(images.get('web')!);
  const web = place('web');
  begin('web', web, web.command);
  await until('web, by its health check', () => run(web, web.image!.healthcheck));
  await signInAndChat();
  process1.kill('SIGTERM');
  const [code] = (await once(process1, 'exit')) as [number];
  if (code !== 0) throw new Error(`api-1 ended with ${code}`);
  console.log('Rehearsed.');
} finally {
  for (const child of running) child.kill('SIGTERM');
}
