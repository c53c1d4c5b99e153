import { assert, json, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../errors/app-error.ts';
import { decodeCursor, encodeCursor, toPage } from './cursor.ts';

const place = z.object({ at: z.iso.datetime(), id: z.uuid() });
const somewhere = { at: '2026-03-01T08:00:00.000Z', id: '0b1ec700-0000-4000-8000-000000000001' };

describe('a cursor', () => {
  it('leads back to its place', () => {
    expect(decodeCursor(encodeCursor(somewhere), place)).toEqual(somewhere);
    expect(decodeCursor(undefined, place)).toBeNull();
  });

  it('API-01: that was not given out is a 400, whatever it is (1000 cases)', () => {
    const odd = oneof(
      string({ unit: 'binary' }),
      json().map((text) => Buffer.from(text).toString('base64url')),
    );
    const rule = property(odd, (cursor) => {
      try {
        decodeCursor(cursor, place);
        return false;
      } catch (error) {
        return error instanceof AppError && error.code === 'validation_failed';
      }
    });
    expect(() => assert(rule, { numRuns: 1000 })).not.toThrow();
  });

  it('carries no more than its schema names', () => {
    const cursor = encodeCursor({ ...somewhere, userId: 'somebody else' });
    expect(decodeCursor(cursor, place)).toEqual(somewhere);
  });
});

const pageOf = (count: number) =>
  toPage(
    Array.from({ length: count }, (_, index) => index),
    3,
    (row) => row,
    String,
  );

describe('a page', () => {
  it.each([
    [0, [], null],
    [3, ['0', '1', '2'], null],
    [4, ['0', '1', '2'], encodeCursor(2)],
  ])('of %i rows with a limit of 3', (count, items, nextCursor) => {
    expect(pageOf(count)).toEqual({ items, nextCursor });
  });
});
