import { expect, it } from 'vitest';
import { isSendKey } from './send-key.ts';

const enter = { key: 'Enter', shiftKey: false, isComposing: false, keyCode: 13 };

it('sends on Enter alone', () => {
  expect(isSendKey(enter)).toBe(true);
  expect(isSendKey({ ...enter, key: 'a' })).toBe(false);
});

it('starts a line on Shift+Enter', () => {
  expect(isSendKey({ ...enter, shiftKey: true })).toBe(false);
});

it('leaves Enter to an input method that is composing', () => {
  expect(isSendKey({ ...enter, isComposing: true })).toBe(false);
  expect(isSendKey({ ...enter, keyCode: 229 })).toBe(false);
});
