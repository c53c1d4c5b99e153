/** A Dockerfile as a list of stages, as far as ours goes: no ARG, no ENTRYPOINT, no here-documents. */
export interface Stage {
  name: string;
  from: string;
  /** COPY and RUN in their order, each with what was in force when it came. */
  steps: Step[];
  env: Record<string, string>;
  workdir: string;
  user: string | null;
  command: string[];
  healthcheck: string[];
}

export type Step = { workdir: string; user: string | null } & (
  { run: string } | { copy: string[]; to: string; from: string | null }
);

export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  const lines = text.replaceAll(/\\\n\s*/g, '').split('\n');
  for (const line of lines.filter((one) => /^[A-Z]/.test(one))) {
    const [, word = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (word === 'FROM') stages.push(begin(rest, stages));
    else apply(stages.at(-1)!, word, rest);
  }
  return stages;
}

function begin(rest: string, stages: readonly Stage[]): Stage {
  const [from = '', , name = from] = rest.split(/\s+/);
  const base = stages.find((stage) => stage.name === from);
  const nothing = { env: {}, workdir: '/', user: null, command: [], healthcheck: [] };
  return { ...structuredClone(base ?? nothing), name, from, steps: [] };
}

function apply(stage: Stage, word: string, rest: string): void {
  const { workdir, user } = stage;
  switch (word) {
    case 'WORKDIR':
      stage.workdir = rest;
      return;
    case 'USER':
      stage.user = rest;
      return;
    case 'ENV':
      Object.assign(stage.env, Object.fromEntries(rest.split(/\s+/).map((pair) => pair.split('='))));
      return;
    case 'RUN':
      stage.steps.push({ workdir, user, run: rest });
      return;
    case 'COPY': {
      const words = rest.split(/\s+/);
      const from = words[0]?.startsWith('--from=') ? words.shift()!.slice('--from='.length) : null;
      stage.steps.push({ workdir, user, copy: words.slice(0, -1), to: words.at(-1)!, from });
      return;
    }
    case 'CMD':
      stage.command = JSON.parse(rest) as string[];
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = JSON.parse(rest.slice(rest.indexOf('CMD ') + 4)) as string[];
      return;
    case 'EXPOSE':
      return;
    default:
      throw new Error(`the rehearsal does not know ${word}`);
  }
}

/** Whether a .dockerignore keeps this path out: the last pattern that fits it, or a folder above it, decides. */
export function isIgnored(path: string, patterns: readonly string[]): boolean {
  const last = patterns.findLast((pattern) => fits(path, pattern.replace(/^!/, '')));
  return last !== undefined && !last.startsWith('!');
}

function fits(path: string, pattern: string): boolean {
  const source = pattern
    .split('**/')
    .map((part) => part.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '[^/]*'))
    .join('(?:.*/)?');
  return new RegExp(`^${source}(?:/.*)?$`).test(path);
}
