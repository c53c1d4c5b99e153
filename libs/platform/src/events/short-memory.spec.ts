import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../testing.ts';
import { Database } from '../database/database.ts';
import { EventBus, eventsMissed } from './event-bus.ts';
import { ShortMemory } from './short-memory.ts';

class BreakableBus extends EventBus {
  isBroken = false;
  override get isWhole(): boolean {
    return !this.isBroken;
  }
}

describe('what is remembered of Postgres', () => {
  let clock: FakeClock;
  let bus: BreakableBus;
  let memory: ShortMemory<string>;
  let reads: string[];
  beforeEach(async () => {
    clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
    bus = new BreakableBus(new Database(undefined as never));
    memory = new ShortMemory(bus, clock, (value) => value !== 'bad');
    await ask('a', 'one');
    await ask('b', 'two');
    reads = [];
  });
  const ask = (key: string, value: string) =>
    memory.get(key, () => {
      reads?.push(key);
      return Promise.resolve(value);
    });
  const both = () => Promise.all([ask('a', 'new one'), ask('b', 'new two')]);

  it('is known for two seconds', async () => {
    clock.advanceSeconds(1.999);
    expect(await both()).toEqual(['one', 'two']);
    clock.advanceSeconds(0.001);
    expect(await both()).toEqual(['new one', 'new two']);
    expect(reads).toEqual(['a', 'b']);
  });

  it('is forgotten at once by its value or its key, and nothing else is', async () => {
    memory.forget((value) => value === 'one');
    expect(await both()).toEqual(['new one', 'two']);
    memory.forget((_, key) => key === 'b');
    expect(await both()).toEqual(['new one', 'new two']);
  });

  it('is read once by all who want it at the same time', async () => {
    expect(await Promise.all([ask('c', 'three'), ask('c', 'four'), ask('c', 'five')])).toEqual([
      'three',
      'three',
      'three',
    ]);
    expect(reads).toEqual(['c']);
  });

  it('is neither kept nor shared where something was forgotten while it was read', async () => {
    const stale = ask('c', 'stale');
    memory.forget(() => false);
    const fresh = ask('c', 'fresh');
    expect(await Promise.all([stale, fresh])).toEqual(['stale', 'fresh']);
    expect(await ask('c', 'later')).toBe('fresh');
  });

  it('is not kept where it is not good, and not where reading it failed', async () => {
    expect(await ask('c', 'bad')).toBe('bad');
    await expect(memory.get('c', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await ask('c', 'good')).toBe('good');
  });

  it('is nothing after events were missed, nor while they may be', async () => {
    bus.isBroken = true;
    expect(await both()).toEqual(['new one', 'new two']);
    bus.isBroken = false;
    expect(await both()).toEqual(['one', 'two']);
    bus.publish(eventsMissed, {});
    expect(await both()).toEqual(['new one', 'new two']);
  });

  it('is let go of when it counts no more and something else is kept', async () => {
    clock.advanceSeconds(1);
    await ask('c', 'three');
    clock.advanceSeconds(1);
    await ask('d', 'four');
    expect(memory.size).toBe(2);
  });

  it('does not grow without end', async () => {
    for (let count = 0; count < 9_999; count += 1) await ask(`key ${count}`, 'x');
    expect(await both()).toEqual(['new one', 'new two']);
  });
});
