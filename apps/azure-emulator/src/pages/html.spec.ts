import { describe, expect, it } from 'vitest';
import { hiddenFields, html } from './html.ts';

describe('html', () => {
  it('escapes text and attributes, and leaves parts of pages as they are', () => {
    const part = html`<b>${'<script>"&\''}</b>`;
    expect(part.text).toBe('<b>&#60;script&#62;&#34;&#38;&#39;</b>');
    expect(html`<p>${[part, null, false, undefined, 3]}</p>`.text).toBe(`<p>${part.text}3</p>`);
  });

  it('carries fields on without letting them out of their attribute', () => {
    const [field] = hiddenFields({ state: '"><script>', missing: undefined });
    expect(field!.text).toBe('<input type="hidden" name="state" value="&#34;&#62;&#60;script&#62;" />');
  });
});
