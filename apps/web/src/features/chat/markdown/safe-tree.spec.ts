import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { createMathPlugin } from '@streamdown/math';
import { Streamdown, type StreamdownProps } from 'streamdown';
import { describe, expect, it } from 'vitest';
import { rehypePlugins, remarkPlugins } from './safe-tree.ts';

const html = (markdown: string, prefix = 'one-', more: Partial<StreamdownProps> = {}): string =>
  renderToStaticMarkup(
    createElement(
      Streamdown,
      {
        remarkPlugins,
        rehypePlugins: rehypePlugins(prefix),
        controls: false,
        linkSafety: { enabled: false },
        ...more,
      },
      markdown,
    ),
  );

const active =
  /<(?:script|img|iframe|object|embed|svg|style|form|meta|base|video|audio|details|link)\b|<[^>]*\son\w+=/i;
const targets = (markup: string): string[] =>
  [...markup.matchAll(/\s(?:href|src)="([^"]*)"/g)].map(([, url = '']) => url);

describe('HTML in an answer', () => {
  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror="alert(1)"> b',
    '<svg onload=alert(1)><script>alert(1)</script></svg>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<details open ontoggle=alert(1)>x</details>',
    '<a href="javascript:alert(1)">x</a>',
    '- item\n\n  <style>*{display:none}</style>',
    '> <form action=//evil.example><button>go</button></form>',
    '| a |\n| - |\n| <img src=x onerror=alert(1)> |',
    '<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  ])('is shown as text: %s', (markdown) => {
    expect(html(markdown)).not.toMatch(active);
    expect(targets(html(markdown))).toEqual([]);
  });

  it('loses nothing that was written', () => {
    expect(html('a Vec<String> here')).toContain('Vec&lt;String&gt;');
  });

  it('keeps the line break that tables need', () => {
    expect(html('| a |\n| - |\n| one<br>two |')).toContain('one<br/>');
  });
});

describe('links', () => {
  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java&#9;script:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:x)',
    '[x](blob:https://here/x)',
    '[x](file:///etc/passwd)',
    '<javascript:alert(1)>',
    '[x][r]\n\n[r]: javascript:alert(1)',
  ])('lead nowhere: %s', (markdown) => {
    expect(targets(html(markdown))).toEqual([]);
  });

  it('to the web stay', () => {
    expect(targets(html('[x](https://ok.example/a) and https://ok.example/b'))).toEqual([
      'https://ok.example/a',
      'https://ok.example/b',
    ]);
  });
});

describe('images', () => {
  it.each(['![cat](https://far.example/c.png)', '![cat][c]\n\n[c]: https://far.example/c.png'])(
    'are not loaded but linked: %s',
    (markdown) => {
      expect(html(markdown)).not.toMatch(active);
      expect(html(markdown)).toContain('Image: cat</a>');
    },
  );

  it('from anywhere else are only named', () => {
    for (const source of ['data:image/svg+xml;base64,PHN2Zz4=', 'javascript:alert(1)', '/api/auth/session']) {
      expect(html(`![x](${source})`)).toContain('Image: x');
      expect(targets(html(`![x](${source})`))).toEqual([]);
    }
  });

  it('inside a link leave the link alone', () => {
    expect(targets(html('[![x](https://far.example/x.png)](https://far.example/page)'))).toEqual([
      'https://far.example/page',
    ]);
  });
});

describe('footnotes', () => {
  const note = 'Said[^1] so.\n\n[^1]: The note.';
  const ids = (markup: string): string[] => [...markup.matchAll(/\sid="([^"]*)"/g)].map(([, id = '']) => id);

  it('of two answers share no id, although both count from 1', () => {
    const [first, second] = [html(note, 'one-'), html(note, 'two-')];
    expect(ids(first)).toHaveLength(3);
    expect(ids(first).filter((id) => ids(second).includes(id))).toEqual([]);
  });

  it('lead to their note and back, and are described by their own heading', () => {
    const markup = html(note);
    for (const [, target = ''] of markup.matchAll(/href="#([^"]*)"/g)) expect(ids(markup)).toContain(target);
    expect(markup).toMatch(/aria-describedby="one-footnote-label"/);
    expect(ids(markup)).toContain('one-footnote-label');
  });
});

it.each(['\u200b', '\u200d', '\u2060', '\ufeff'])(
  'a formula is read without the invisible %j',
  (invisible) => {
    const math = { plugins: { math: createMathPlugin() } };
    expect(html(`$$x${invisible}_2$$`, 'one-', math)).toBe(html('$$x_2$$', 'one-', math));
    expect(html(`$$\nx${invisible}_2\n$$`, 'one-', math)).toBe(html('$$\nx_2\n$$', 'one-', math));
  },
);
