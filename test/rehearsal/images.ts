/** Builds what the Dockerfile describes, command by command, in folders. */
import { execFileSync } from 'node:child_process';
import { chownSync, copyFileSync, cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isIgnored, readDockerfile, type Stage, type Step } from './dockerfile.ts';
import { type Inside, type Roots, run } from './roots.ts';

/** The accounts that the images have; whoever installs and builds is the same ordinary one. */
export const accounts: Record<string, number> = {
  root: 0,
  node: 1000,
  nginx: 101,
  postgres: 999,
  redis: 998,
};

export interface Image extends Stage {
  root: string;
  layers: string[];
}

/** What a build may need to reach the registry; nothing of it is in what runs. */
const network = Object.fromEntries(
  Object.entries(process.env).filter((pair): pair is [string, string] =>
    /^(https?_proxy|no_proxy|npm_config_registry|npm_config_cafile|node_extra_ca_certs|ssl_cert_file)$/i.test(
      pair[0],
    ),
  ),
);

export function buildImages(folder: string, roots: Roots, node: string): Map<string, Image> {
  const context = join(folder, 'context');
  copyContext(context);
  const base = baseLayer(join(folder, 'base'), node);
  const images = new Map<string, Image>();
  for (const stage of readDockerfile(readFileSync('Dockerfile', 'utf8'))) {
    const below = images.get(stage.from)?.layers ?? [base];
    const { root, layer } = roots.mount(stage.name, below);
    const image = { ...stage, root, layers: [layer, ...below] };
    images.set(stage.name, image);
    // A stage that names no account needs no rights of one: it is built by an ordinary account, in a folder of its own.
    const builder = stage.user === null ? accounts.node! : 0;
    for (const step of stage.steps) {
      const begun = Date.now();
      take(step, { image, images, context, builder });
      const what = 'run' in step ? `RUN ${step.run}` : `COPY ${step.copy.join(' ')} ${step.to}`;
      console.log(`${stage.name}: ${what.slice(0, 100)} (${Math.round((Date.now() - begun) / 1000)} s)`);
    }
  }
  return images;
}

interface Building {
  image: Image;
  images: ReadonlyMap<string, Image>;
  context: string;
  builder: number;
}

function take(step: Step, { image, images, context, builder }: Building): void {
  const { root, env } = image;
  const workdir = join(root, step.workdir);
  mkdirSync(workdir, { recursive: true });
  if (step.workdir !== '/') chownSync(workdir, builder, builder);
  if ('run' in step) {
    const account = step.user === null ? builder : accounts[step.user]!;
    const place: Inside = { root, account, workdir: step.workdir, env: { ...network, ...env } };
    run(place, ['sh', '-c', step.run]);
    return;
  }
  const source = step.from === null ? context : images.get(step.from)!.root;
  const to = resolve(workdir, step.to.startsWith('/') ? join(root, step.to) : step.to);
  for (const each of step.copy) {
    const from = join(source, each);
    const isFolder = statSync(from).isDirectory();
    const isInto = !isFolder && (/\/$|^\.$/.test(step.to) || step.copy.length > 1);
    const target = isInto ? join(to, each.split('/').at(-1)!) : to;
    mkdirSync(isFolder ? target : dirname(target), { recursive: true });
    cpSync(from, target, { recursive: true, verbatimSymlinks: true });
  }
  if (builder !== 0 && step.workdir !== '/') execFileSync('chown', ['-R', `${builder}:${builder}`, workdir]);
}

/** What the engine would be sent: the files of the repository that .dockerignore lets in. */
function copyContext(context: string): void {
  const patterns = readFileSync('.dockerignore', 'utf8').trim().split('\n');
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((one) => one && !isIgnored(one, patterns))) {
    mkdirSync(dirname(join(context, file)), { recursive: true });
    copyFileSync(file, join(context, file));
  }
}

/** Instead of the images of node and nginx: this machine's Debian, with that Node in front of its own. */
function baseLayer(folder: string, node: string): string {
  mkdirSync(join(folder, 'usr/local/bin'), { recursive: true });
  mkdirSync(join(folder, 'etc'), { recursive: true });
  copyFileSync(node, join(folder, 'usr/local/bin/node'));
  const hosts = {
    '127.0.0.1': 'localhost postgres redis emulator',
    '172.30.7.11': 'api-1',
    '172.30.7.12': 'api-2',
  };
  write(
    folder,
    'hosts',
    Object.entries(hosts).map((pair) => pair.join(' ')),
  );
  const own = Object.entries(accounts).filter(([name]) => name !== 'root');
  const taken = new RegExp(
    `^(${own.map(([name]) => name).join('|')}):|^[^:]+:x:(${own.map(([, id]) => id).join('|')}):`,
  );
  const others = (file: string) =>
    readFileSync(`/etc/${file}`, 'utf8')
      .split('\n')
      .filter((line) => line && !taken.test(line));
  write(folder, 'passwd', [
    ...others('passwd'),
    ...own.map(([name, id]) => `${name}:x:${id}:${id}::/tmp:/bin/sh`),
  ]);
  write(folder, 'group', [...others('group'), ...own.map(([name, id]) => `${name}:x:${id}:`)]);
  return folder;
}

const write = (folder: string, name: string, lines: readonly string[]): void =>
  writeFileSync(join(folder, 'etc', name), `${lines.join('\n')}\n`);
