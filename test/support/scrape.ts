/** What a Prometheus would read of `/metrics`. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  name: string;
  type: string;
  help: string;
  samples: Sample[];
}

const labelled = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function readMetrics(text: string): Family[] {
  const families: Family[] = [];
  for (const line of text.split('\n')) {
    const [, kind, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (kind === 'HELP') families.push({ name, help: rest, type: '', samples: [] });
    const family = families.at(-1);
    if (kind === 'TYPE') family!.type = rest;
    const [, sample = '', labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (sample)
      family!.samples.push({
        name: sample,
        labels: Object.fromEntries([...labels.matchAll(labelled)].map(([, label, of]) => [label, of])),
        value: Number(value),
      });
  }
  return families;
}
