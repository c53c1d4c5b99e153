import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Wakeup } from './wakeup.ts';

describe('Wakeup', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('does not lose a sign that is given while nobody waits', async () => {
    const wakeup = new Wakeup();
    wakeup.give();
    expect(await wakeup.wait(1_000)).toBe(true);
  });

  it('wakes at once, and once', async () => {
    const wakeup = new Wakeup();
    const first = wakeup.wait(1_000);
    wakeup.give();
    expect(await first).toBe(true);
    const second = wakeup.wait(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await second).toBe(false);
  });
});
