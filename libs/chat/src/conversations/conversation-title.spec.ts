import { describe, expect, it } from 'vitest';
import { cpuMs } from '../../../../test/support/cpu-time.ts';
import { titleFrom } from './conversation-title.ts';

describe('titleFrom', () => {
  it.each([
    ['How do I renew a certificate?', 'How do I renew a certificate?'],
    ['Explain PKCE. Then compare it with nonce.', 'Explain PKCE'],
    ['  \n\n Hello \n World', 'Hello'],
    ['# **Plan** for `v2`', 'Plan for v2'],
    ['- [ ] see [the docs](https://example.org/a_(b)) ![x](y.png)', 'see the docs x'],
    ['> quoted *text*', 'quoted text'],
    ['What does `snake_case_name` mean in 2*3*4?', 'What does snake_case_name mean in 2*3*4?'],
    ['```sql\nSELECT 1;\n```\nWhy is this slow?', 'Why is this slow?'],
    ['```\nonly code\n```', 'only code'],
    ['<b>bold</b> words', 'bold words'],
    ['これは何ですか。次の質問です。', 'これは何ですか。'],
    ['Version 2.5 is out', 'Version 2.5 is out'],
    ['Summary:', 'Summary'],
  ])('calls %j %j', (question, title) => {
    expect(titleFrom(question)).toBe(title);
  });

  it.each(['', '   ', '***', '```\n```', '🙂'])('finds no title in %j', (question) => {
    expect(titleFrom(question)).toBeNull();
  });

  it('cuts between words, at 60 characters at most', () => {
    const title = titleFrom(
      'Please compare the authorization code flow with the device code flow in detail',
    )!;
    expect(title).toBe('Please compare the authorization code flow with the device…');
    expect(title.length).toBeLessThanOrEqual(60);
  });

  it('cuts one endless word without breaking a character in two', () => {
    const title = titleFrom(`a${'🙂'.repeat(100)}`)!;
    expect(title.length).toBeLessThanOrEqual(60);
    expect(title.isWellFormed()).toBe(true);
  });

  it('F24: stays quick on a hundred thousand hostile characters', async () => {
    const pieces = ['*', '[', '`', '<a', '# ', '1. ', '_a', '[a](', '[a](()', '- [ ] '];
    const hostile = pieces.map((piece) => piece.repeat(100_000 / piece.length));
    expect(await cpuMs(() => hostile.forEach(titleFrom))).toBeLessThan(200);
  });
});
