import { describe, expect, it } from 'vitest';
import { cpuMs } from '../../../../../../test/support/cpu-time.ts';
import { withMathDelimiters } from './math-delimiters.ts';

describe('formulas', () => {
  it.each([
    [String.raw`so \(a^2\) is`, '$$a^2$$'],
    ['so $a^2$ is', '$$a^2$$'],
    ['($x$)', '$$x$$'],
    [String.raw`$\frac{1}{2}$, then`, String.raw`$$\frac{1}{2}$$`],
    ['$2x + 1$', '$$2x + 1$$'],
  ])('in a line: %s', (markdown, formula) => {
    expect(withMathDelimiters(markdown)).toContain(formula);
  });

  it('on their own lines become a block', () => {
    expect(withMathDelimiters('Then\n\\[\nx = 1\n\\]\nand')).toBe('Then\n$$\nx = 1\n$$\nand');
  });

  it('keep their place in a list', () => {
    expect(withMathDelimiters('1. a\n   \\[ x = 1 \\]\n2. b')).toBe('1. a\n   $$\n   x = 1\n   $$\n2. b');
  });

  it('stay in the line when something stands beside them', () => {
    expect(withMathDelimiters(String.raw`so \[x\] holds`)).toBe(String.raw`so $$\displaystyle x$$ holds`);
  });

  it('that are already marked stay as they are, line breaks inside included', () => {
    const block = '$$\na \\\\[2pt] b \\(c\\)\n$$';
    expect(withMathDelimiters(block)).toBe(block);
  });
});

describe('everything else', () => {
  it.each([
    'It costs $5 and $10.',
    'Between $5–$10 or US$7',
    'either $5, or 10$ a month',
    'set $HOME/$PATH first',
    String.raw`escaped \$x\$`,
    'one $ alone',
    'no dollar at all',
  ])('is left alone: %s', (text) => {
    expect(withMathDelimiters(text)).toBe(text);
  });

  it.each([
    '`$x$ and \\(y\\)`',
    '``a ` $x$``',
    '```sh\necho $A$B \\[ x \\]\n```',
    '~~~\n$x$\n~~~',
    '> ```\n> $x$\n> ```',
    '```tex\n\\[ still being written',
  ])('is left alone in code: %j', (code) => {
    expect(withMathDelimiters(code)).toBe(code);
  });

  it('is looked at again after code', () => {
    expect(withMathDelimiters('```\n$x$\n```\n$y$')).toBe('```\n$x$\n```\n$$y$$');
  });

  it('waits for the end of a formula that is still being written', () => {
    expect(withMathDelimiters(String.raw`so \(a^2`)).toBe(String.raw`so \(a^2`);
  });
});

it('takes no time that one would notice on a long text full of dollars', async () => {
  const long = 'a $ b \\( c ` d '.repeat(20_000);
  expect(await cpuMs(() => withMathDelimiters(long))).toBeLessThan(500);
});
