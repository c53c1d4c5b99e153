import { describe, expect, it } from 'vitest';
import { readAppRoles, readGroupIds } from './group-ids.ts';

const [one, two] = ['9a0b0000-0000-4000-8000-00000000ad01', '9a0b0000-0000-4000-8000-00000000b503'] as const;

describe('pasted group ids', () => {
  it.each([
    ['', []],
    [' \n\n ', []],
    [one, [one]],
    [`${one}\n${two}\n`, [one, two]],
    [`${one}\r\n${two}`, [one, two]],
    [`"${one}", "${two}"`, [one, two]],
    [`{${one}}; ${two}`, [one, two]],
    [`${one.toUpperCase()}\n${one}`, [one]],
  ])('%j are %j', (text, ids) => {
    expect(readGroupIds(text)).toEqual({ ids, fault: null });
  });

  it('names the line that is none', () => {
    expect(readGroupIds(`${one}\nEntrada Users`)).toEqual({
      ids: [],
      fault: expect.stringMatching(/^Line 2: “Entrada” is not an object id/) as string,
    });
    expect(readGroupIds('x'.repeat(99)).fault).toContain(`${'x'.repeat(40)}…`);
  });

  it('stop at what the API takes', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, n) => `9a0b0000-0000-4000-8000-${String(n).padStart(12, '0')}`).join(
        '\n',
      );
    expect(readGroupIds(many(2000)).ids).toHaveLength(2000);
    expect(readGroupIds(many(2001))).toEqual({ ids: [], fault: expect.stringContaining('2000') as string });
  });
});

it('app roles are words, each once', () => {
  expect(readAppRoles(' viewer, auditor\nviewer ;')).toEqual(['viewer', 'auditor']);
  expect(readAppRoles('x'.repeat(201))).toEqual([]);
});
