import { describe, expect, it } from 'vitest';
import type { StreamEvent } from '../src/streaming/stream-event.ts';
import type { StreamLog } from '../src/streaming/stream-log.ts';

export const delta = (seq: number): StreamEvent => ({
  name: 'generation:delta',
  data: { generationId: 'g', seq, text: `t${seq}` },
});

/** What every stream log must do. `open` gives two ends of the same log, which may be in different processes. */
export function streamLogConformance(
  kind: string,
  open: () => Promise<{ one: StreamLog; other: StreamLog }>,
): void {
  describe(`${kind} as a stream log`, () => {
    it('gives back what was appended, in order, from any number on', async () => {
      const { one, other } = await open();
      const id = crypto.randomUUID();
      for (let seq = 1; seq <= 5; seq += 1) await one.append(id, delta(seq));
      expect(await other.read(id, 0)).toEqual([1, 2, 3, 4, 5].map(delta));
      expect(await other.read(id, 3)).toEqual([delta(4), delta(5)]);
      expect(await other.read(id, 5)).toEqual([]);
      expect(await other.read(id, 99)).toEqual([]);
    });

    it('says that it does not know, instead of leaving a gap', async () => {
      const { one, other } = await open();
      const id = crypto.randomUUID();
      expect(await one.read(id, 0)).toBeNull();
      await one.append(id, delta(7));
      expect(await other.read(id, 0)).toBeNull();
      expect(await other.read(id, 6)).toEqual([delta(7)]);
    });

    it('keeps generations apart', async () => {
      const { one } = await open();
      const [a, b] = [crypto.randomUUID(), crypto.randomUUID()];
      await one.append(a, delta(1));
      expect(await one.read(b, 0)).toBeNull();
    });

    it('still has the events of a generation that ended a moment ago', async () => {
      const { one, other } = await open();
      const id = crypto.randomUUID();
      await one.append(id, delta(1));
      one.release(id);
      expect(await other.read(id, 0)).toEqual([delta(1)]);
    });
  });
}
