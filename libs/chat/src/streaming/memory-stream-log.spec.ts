import { describe, expect, it, vi } from 'vitest';
import { streamLogConformance } from '../../test/stream-log.conformance.ts';
import { MemoryStreamLog } from './memory-stream-log.ts';
import { keepReleasedMs } from './stream-log.ts';

streamLogConformance('MemoryStreamLog', async () => {
  const log = new MemoryStreamLog();
  return { one: log, other: log };
});

describe('MemoryStreamLog', () => {
  it('forgets a generation some time after its end, so that memory stays bounded', async () => {
    vi.useFakeTimers();
    try {
      const log = new MemoryStreamLog();
      await log.append('g', { name: 'generation:delta', data: { generationId: 'g', seq: 1, text: 'a' } });
      log.release('g');
      vi.advanceTimersByTime(keepReleasedMs - 1);
      expect(await log.read('g', 0)).toHaveLength(1);
      vi.advanceTimersByTime(1);
      expect(await log.read('g', 0)).toBeNull();
    } finally {
      vi.useRealTimers();
    }
  });
});
