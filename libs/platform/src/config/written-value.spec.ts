import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writtenValue } from './written-value.ts';

describe('what was written for a variable', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'entrada-files-'));
    writeFileSync(file('secret'), 'canary\n');
    writeFileSync(file('empty'), '\n');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is in the environment, or in the file that the environment names', () => {
    expect(writtenValue('SECRET', { SECRET: ' plain ' })).toEqual({ value: 'plain' });
    expect(writtenValue('SECRET', { SECRET_FILE: file('secret') })).toEqual({ value: 'canary' });
    expect(writtenValue('SECRET', { SECRET: '', SECRET_FILE: file('secret') })).toEqual({ value: 'canary' });
  });

  it('is nothing where it is empty', () => {
    for (const source of [{}, { SECRET: ' ' }, { SECRET_FILE: ' ' }, { SECRET_FILE: file('empty') }])
      expect(writtenValue('SECRET', source)).toEqual({ value: undefined });
  });

  it.each([
    ['a file that is not there', () => ({ SECRET_FILE: file('missing') })],
    ['a folder', () => ({ SECRET_FILE: folder })],
    ['a value given twice', () => ({ SECRET: 'canary', SECRET_FILE: file('secret') })],
  ])('CFG-01: %s is a fault that quotes neither', (_, source) => {
    const written = writtenValue('SECRET', source());
    expect(written).toHaveProperty('problem', expect.stringContaining('SECRET_FILE'));
    expect(JSON.stringify(written)).not.toContain('canary');
  });
});
