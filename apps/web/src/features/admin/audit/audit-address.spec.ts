import { expect, it } from 'vitest';
import {
  everything,
  exportPath,
  fromLocalInput,
  isNarrowed,
  logAddress,
  readEntry,
  readFilter,
  toLocalInput,
  writeFilter,
} from './audit-address.ts';

const full = {
  action: 'sign_in.failed',
  actor: 'uma & co',
  outcome: 'failure',
  from: '2026-03-01T00:00:00.000Z',
  to: '2026-03-02T00:00:00.000Z',
  search: '192.0.2.1',
};

it('an address holds the whole filter and the open entry, and gives both back', () => {
  const address = new URL(logAddress(full, 12), 'https://here.invalid');
  expect(address.pathname).toBe('/admin/audit');
  expect(readFilter(address.searchParams)).toEqual(full);
  expect(readEntry(address.searchParams)).toBe(12);
});

it('what shows everything has a short address', () => {
  expect(logAddress(everything)).toBe('/admin/audit');
  expect(logAddress({ ...everything, search: '  ' })).toBe('/admin/audit');
  expect([isNarrowed(everything), isNarrowed({ ...everything, outcome: 'failure' })]).toEqual([false, true]);
});

it.each([
  ['outcome=maybe', everything],
  ['from=yesterday&to=2026-03-01', everything],
  [`search=${'x'.repeat(500)}`, { ...everything, search: 'x'.repeat(200) }],
])('%.40s is read without what the API would refuse', (query, filter) => {
  expect(readFilter(new URLSearchParams(query))).toEqual(filter);
});

it.each(['0', '-1', '1.5', 'x', '', '1e3', '9999999999999999999'])('%j is no entry', (value) => {
  expect(readEntry(new URLSearchParams({ entry: value }))).toBeNull();
});

it('an export takes the filter along, and its format first', () => {
  const path = exportPath({ ...everything, actor: 'a b' }, 'csv');
  expect(path).toBe('/api/admin/audit-logs/export?format=csv&actor=a+b');
});

it('a time in the reader’s own zone is the same time in the address', () => {
  const iso = '2026-03-01T22:30:00.000Z';
  expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
  expect([fromLocalInput(''), fromLocalInput('soon'), toLocalInput('')]).toEqual(['', '', '']);
});

it('writes no empty field', () => {
  expect(String(writeFilter({ ...everything, action: 'signed_out' }))).toBe('action=signed_out');
});
