import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProgressWriter } from './progress-writer.ts';

function writer(write = async () => undefined as void) {
  const starts: number[] = [];
  const progress = new ProgressWriter(
    () => {
      starts.push(performance.now());
      return write();
    },
    { saveEveryMs: 250, renewEveryMs: 3_000 },
  );
  return { progress, starts, begun: performance.now() };
}
const gaps = (times: number[]) => times.slice(1).map((time, index) => time - times[index]!);

describe('ProgressWriter', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('writes at most every 250 ms, however many deltas come', async () => {
    const { progress, starts } = writer();
    for (let delta = 0; delta < 400; delta += 1) {
      progress.changed();
      await vi.advanceTimersByTimeAsync(5);
    }
    expect(starts.length).toBeGreaterThanOrEqual(7);
    expect(starts.length).toBeLessThanOrEqual(8);
    expect(Math.min(...gaps(starts))).toBeGreaterThanOrEqual(250);
    await progress.close();
  });

  it('renews the lease every three seconds when nothing changes', async () => {
    const { progress, starts, begun } = writer();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(starts.map((start) => Math.round(start - begun))).toEqual([3_000, 6_000, 9_000]);
    await progress.close();
  });

  it('never writes twice at the same time, and writes again what changed meanwhile', async () => {
    let running = 0;
    let most = 0;
    const { progress, starts } = writer(async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      running -= 1;
    });
    for (let delta = 0; delta < 100; delta += 1) {
      progress.changed();
      await vi.advanceTimersByTimeAsync(30);
    }
    expect(most).toBe(1);
    expect(starts.length).toBeGreaterThanOrEqual(3);
    const closed = progress.close();
    await vi.advanceTimersByTimeAsync(1_000);
    await closed;
  });

  it('waits on closing for the write that runs, and writes nothing after', async () => {
    let written = false;
    const { progress, starts } = writer(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      written = true;
    });
    progress.changed();
    await vi.advanceTimersByTimeAsync(300);
    const closed = progress.close().then(() => written);
    progress.changed();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await closed).toBe(true);
    expect(starts).toHaveLength(1);
  });
});
