import { beforeEach, describe, expect, it } from 'vitest';
import { Database, EventBus } from '#platform';
import { FakeClock } from '#platform/testing';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import { EntraCircuit } from './entra-circuit.ts';

const failure = (failureClass: FailureClass, retryAfterSeconds?: number) =>
  new EntraFailure(failureClass, {
    status: 429,
    error: 'x',
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });

describe('the circuit to Entra', () => {
  let clock: FakeClock;
  let bus: EventBus;
  let circuit: EntraCircuit;
  beforeEach(() => {
    clock = new FakeClock();
    bus = new EventBus(new Database(undefined as never));
    circuit = new EntraCircuit(clock, bus);
  });
  const failTimes = (times: number, failureClass: FailureClass) => {
    for (let count = 0; count < times; count += 1) circuit.failed(failure(failureClass), 1);
  };

  it('F7: opens for as long as Entra asks, at once, and in every process', async () => {
    const other = new EntraCircuit(clock, bus);
    circuit.failed(failure('transient', 30));
    expect(circuit.admit()).toBe(false);
    await Promise.resolve();
    expect(other.admit()).toBe(false);
    clock.advanceSeconds(29);
    expect(circuit.pauseSeconds).toBe(1);
    clock.advanceSeconds(1);
    expect(circuit.admit()).toBe(true);
    other.onModuleDestroy();
  });

  it('F29: lets one try after a pause, and everybody once it has succeeded', () => {
    circuit.failed(failure('transient', 30));
    clock.advanceSeconds(30);
    expect([circuit.admit(), circuit.admit(), circuit.admit()]).toEqual([true, false, false]);
    circuit.answered();
    expect([circuit.admit(), circuit.admit()]).toEqual([true, true]);
  });

  it.each(['transient', 'operator'] as const)(
    'F29: opens after five of %s in a row, longer each time',
    (kind) => {
      failTimes(4, kind);
      expect(circuit.admit()).toBe(true);
      failTimes(1, kind);
      expect(circuit.pauseSeconds).toBe(5);
      clock.advanceSeconds(5);
      expect(circuit.admit()).toBe(true);
      failTimes(1, kind);
      expect(circuit.pauseSeconds).toBe(10);
      clock.advanceSeconds(10);
      failTimes(20, kind);
      expect(circuit.pauseSeconds).toBe(120);
    },
  );

  it.each(['sign_in_again', 'interaction', 'blocked'] as const)(
    'stays closed however many people are refused (%s): that is an answer',
    (kind) => {
      failTimes(4, 'transient');
      failTimes(50, kind);
      failTimes(4, 'transient');
      expect(circuit.pauseSeconds).toBe(0);
    },
  );

  it('believes no wait of days', () => {
    circuit.failed(failure('transient', 10 ** 9));
    expect(circuit.pauseSeconds).toBe(3600);
  });
});
