import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Row {
  id: string;
  what: string;
  specs: string[];
  status: string;
}

/** Requirements and faults alike: `| SES-01 | what holds | specs | status |`. */
const rows: Row[] = readFileSync('docs/security.md', 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, id = '']) => /^([A-Z]{3}-\d\d|F\d+)$/.test(id))
  .map(([, id = '', what = '', specs = '', status = '']) => ({
    id,
    what,
    specs: [...specs.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
    status,
  }));

describe('docs/security.md', () => {
  it('has each id once, with a status', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(127);
    const faults = rows.map(({ id }) => id).filter((id) => id.startsWith('F'));
    expect(faults).toEqual(Array.from({ length: 32 }, (_, index) => `F${index + 1}`));
    expect(rows.filter(({ status }) => !/^(tested|issue \d|not applicable: .+)/.test(status))).toEqual([]);
  });

  it('names specs that are there and that name the id', () => {
    const named = rows.flatMap(({ id, specs }) => specs.map((path) => ({ id, path })));
    const absent = named.filter(
      ({ id, path }) => !existsSync(path) || !new RegExp(`\\b${id}\\b`).test(readFileSync(path, 'utf8')),
    );
    expect(absent).toEqual([]);
  });

  it('calls nothing tested that no spec is named for', () => {
    expect(rows.filter(({ status, specs }) => status.startsWith('tested') && specs.length === 0)).toEqual([]);
  });
});
