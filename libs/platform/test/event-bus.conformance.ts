import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../src/database/database.ts';
import { type EventBus, type Topic, topic } from '../src/events/event-bus.ts';

interface Said {
  text: string;
  list: (number | null)[];
}
export const said = topic<Said>('test.said');
const marker = topic<Record<string, never>>('test.marker');

/** Commits, or rolls back what throws; there is nothing behind it. */
export const noTables = (): Database =>
  new Database({ transaction: (work: (manager: object) => Promise<unknown>) => work({}) } as never);

export const hear = <Payload>(bus: EventBus, what: Topic<Payload>): Payload[] => {
  const heard: Payload[] = [];
  bus.subscribe(what, (payload) => void heard.push(payload));
  return heard;
};

/** Resolves when `to` has heard everything that `from` published before. */
export const caughtUp = (from: EventBus, to: EventBus): Promise<void> =>
  new Promise((resolve) => {
    const leave = to.subscribe(marker, () => {
      leave();
      resolve();
    });
    from.publish(marker, {});
  });

/** What every bus must do. `open` gives the buses of two processes, or twice the bus of the only one. */
export function eventBusConformance(
  kind: string,
  open: () => Promise<{ one: EventBus; other: EventBus; database: Database; close(): Promise<void> }>,
): void {
  describe(`${kind} as an event bus`, () => {
    let ends: Awaited<ReturnType<typeof open>>;
    beforeAll(async () => {
      ends = await open();
    });
    afterAll(() => ends.close());
    const settled = async () => {
      await caughtUp(ends.one, ends.other);
      await caughtUp(ends.other, ends.one);
    };

    it('delivers here at once, and to everybody exactly once, in order and unchanged', async () => {
      const { one, other } = ends;
      const [here, there] = [hear(one, said), hear(other, said)];
      const sent = [1, 2, 3].map((index) => ({ text: `Grüße, “${index}”\n`, list: [index, null] }));
      for (const payload of sent) one.publish(said, payload);
      expect(here).toEqual(sent);
      await settled();
      expect(here).toEqual(sent);
      expect(there).toEqual(sent);
    });

    it('sends what a transaction says when it has committed, and nothing of one that failed', async () => {
      const { one, other, database } = ends;
      const there = hear(other, said);
      const work = async (text: string) => {
        one.publish(said, { text, list: [] });
        expect(there).toEqual([]);
        if (text === 'failed') throw new Error(text);
      };
      await expect(database.transaction(() => work('failed'))).rejects.toThrow('failed');
      await database.transaction(() => work('kept'));
      await settled();
      expect(there.map(({ text }) => text)).toEqual(['kept']);
    });

    it('goes on after a listener that fails, and leaves those alone who have left', async () => {
      const { one, other } = ends;
      other.subscribe(said, () => {
        throw new Error('on purpose');
      });
      const gone: Said[] = [];
      other.subscribe(said, (payload) => void gone.push(payload))();
      const there = hear(other, said);
      one.publish(said, { text: 'still', list: [] });
      await settled();
      expect(there).toHaveLength(1);
      expect(gone).toEqual([]);
    });

    it('keeps to itself what is published here alone', async () => {
      const { one, other } = ends;
      const [here, there] = [hear(one, said), hear(other, said)];
      one.publishHere(said, { text: 'here', list: [] });
      await settled();
      expect(here).toHaveLength(1);
      expect(there).toHaveLength(one === other ? 1 : 0);
    });
  });
}
