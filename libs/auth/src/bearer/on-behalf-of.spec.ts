import { beforeEach, describe, expect, it } from 'vitest';
import { Database, EventBus, secondsAfter } from '#platform';
import { FakeClock } from '#platform/testing';
import { authConfig, tenantId } from '../../../../test/support/auth.ts';
import type { EntraClient } from '../entra/entra-client.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import { userChanged } from '../users/users.ts';
import { OnBehalfOf } from './on-behalf-of.ts';

const scope = 'https://cognitiveservices.azure.com/.default';

class World {
  readonly clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
  readonly bus = new EventBus(new Database(undefined as never));
  readonly asked: string[] = [];
  refusal: FailureClass | null = null;
  readonly entra = {
    onBehalfOf: async ({ assertion }: { assertion: string }, [wanted]: string[]) => {
      this.asked.push(`${assertion} ${wanted === scope ? '' : wanted}`.trim());
      if (this.refusal) throw new EntraFailure(this.refusal, null);
      const accessToken = `${this.asked.length} for ${assertion}`;
      return { accessToken, expiresAt: secondsAfter(this.clock.now(), 3600) };
    },
  };
  readonly tokens = new OnBehalfOf(this.entra as unknown as EntraClient, authConfig(), this.clock, this.bus);

  present = (userId: string, assertion: string) => this.tokens.present(userId, { assertion, tenantId });
  ask = (userId: string, rejected?: string) =>
    this.tokens.accessToken(userId, scope, rejected ? { accessToken: rejected } : undefined);
}

let world: World;
beforeEach(() => (world = new World()));

describe('tokens on behalf of API callers', () => {
  it('AUZ-05: are each person’s own', async () => {
    world.present('uma', 'A');
    world.present('gustav', 'B');
    expect(await Promise.all([world.ask('uma'), world.ask('gustav')])).toEqual(['1 for A', '2 for B']);
    expect(await world.ask('uma')).toBe('1 for A');
  });

  it('are for nobody who has presented nothing', async () => {
    world.present('uma', 'A');
    await expect(world.ask('adele')).rejects.toMatchObject({ code: 'reauthentication_required' });
    expect(world.asked).toEqual([]);
  });

  it('are kept by scope until they are due, and asked for with what was presented last', async () => {
    world.present('uma', 'A');
    await world.ask('uma');
    await world.tokens.accessToken('uma', 'User.Read');
    world.present('uma', 'B');
    world.clock.advanceSeconds(3600 - 301);
    expect(await world.ask('uma')).toBe('1 for A');
    world.clock.advanceSeconds(1);
    expect(await world.ask('uma')).toBe('3 for B');
    expect(world.asked).toEqual(['A', 'A User.Read', 'B']);
  });

  it('are replaced when the resource rejects them', async () => {
    world.present('uma', 'A');
    const first = await world.ask('uma');
    expect(await world.ask('uma', first)).toBe('2 for A');
    expect(await world.ask('uma')).toBe('2 for A');
  });

  it.each<[FailureClass, string]>([
    ['sign_in_again', 'reauthentication_required'],
    ['interaction', 'reauthentication_required'],
    ['blocked', 'reauthentication_required'],
    ['transient', 'sign_in_unavailable'],
    ['operator', 'sign_in_unavailable'],
  ])('that Entra refuses (%s): %s, unless the last one is still good', async (failureClass, code) => {
    world.present('uma', 'A');
    const first = await world.ask('uma');
    world.refusal = failureClass;
    await expect(world.ask('uma', first)).rejects.toMatchObject({ code });
    world.clock.advanceSeconds(3599);
    expect(await world.ask('uma')).toBe(first);
    world.clock.advanceSeconds(1);
    await expect(world.ask('uma')).rejects.toMatchObject({ code });
  });

  it('are forgotten when the person’s standing changes, until they call again', async () => {
    world.present('uma', 'A');
    world.present('gustav', 'B');
    await world.ask('uma');
    world.bus.publish(userChanged, { userId: 'uma' });
    await expect(world.ask('uma')).rejects.toMatchObject({ code: 'reauthentication_required' });
    expect(await world.ask('gustav')).toBe('2 for B');
    world.present('uma', 'A');
    expect(await world.ask('uma')).toBe('3 for A');
  });
});
