import { describe, expect, it } from 'vitest';
import { wordsOf } from '#contracts';
import { excerptOf } from './excerpt.ts';

const filler = 'lorem ipsum dolor sit amet '.repeat(40);

describe('an excerpt', () => {
  it.each([
    ['a short message as it is', 'The quick brown fox', 'fox', 'The quick brown fox'],
    ['in one line', 'one\n\n  two\tthree', 'two', 'one two three'],
    [
      'no marks of Markdown',
      '## Rice\n\n- the **best** `rice`\n> a > b, 2*3, snake_case',
      'rice',
      'Rice the best rice a > b, 2*3, snake_case',
    ],
    ['markup as text', '<img src=x onerror="alert(1)">', 'onerror', '<img src=x onerror="alert(1)">'],
    ['the beginning, where lower letters differ', 'Something else', 'word', 'Something else'],
  ])('has %s', (_, content, search, expected) => {
    expect(excerptOf(content, wordsOf(search))).toBe(expected);
  });

  it('begins between words before the first hit and ends between words after it', () => {
    const excerpt = excerptOf(`${filler}Needle ${filler}needle`, wordsOf('ipsumx need'));
    expect(excerpt).toMatch(
      /^…(ipsum|dolor|sit|amet|lorem) .*\bNeedle lorem .*(ipsum|dolor|sit|amet|lorem)…$/,
    );
    expect(excerpt.length).toBeLessThanOrEqual(160);
    expect(excerpt.indexOf('Needle')).toBeLessThanOrEqual(41);
  });

  it.each([
    ['without spaces', `${'x'.repeat(500)}-needle-${'y'.repeat(500)}`],
    ['of white space', `${' '.repeat(500)}needle${'\n'.repeat(5_000)}the end`],
    ['of emoji', `${'😀'.repeat(101)} needle ${'😀'.repeat(500)}`],
    ['of emoji, by an odd place', `x${'😀'.repeat(101)} needle x${'😀'.repeat(500)}`],
  ])('shows the hit in a text %s, and half of no character', (_, content) => {
    const excerpt = excerptOf(content, ['needle']);
    expect(excerpt).toContain('needle');
    expect(excerpt.length).toBeLessThanOrEqual(160);
    expect(excerpt.isWellFormed()).toBe(true);
  });
});
