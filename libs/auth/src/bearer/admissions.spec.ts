import { Logger } from '@nestjs/common';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '#contracts';
import { AppError, secondsAfter } from '#platform';
import { FakeClock } from '#platform/testing';
import { tenantId } from '../../../../test/support/auth.ts';
import type { EntraClient } from '../entra/entra-client.ts';
import { EntraFailure, type FailureClass } from '../entra/entra-failure.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import type { IdentityVerification } from '../sign-in/verified-identity.ts';
import type { Bearer } from './access-token-claims.ts';
import type { EntraBearerStrategy } from './entra-bearer.strategy.ts';
import { Admissions } from './admissions.ts';

Logger.overrideLogger(false);

/** Entra, and our own entrance; each token is `oid` of its person, and `forged…` nobody's. */
class World {
  readonly clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
  readonly exchanged: string[] = [];
  readonly admitted: string[] = [];
  readonly failures: [string, ErrorCode][] = [];
  verified = 0;
  entraSays: Error | null = null;
  entranceSays: Error | null = null;
  identity: { tenantId?: string; objectId?: string } = {};

  readonly admissions = new Admissions(
    {
      verify: async (token: string): Promise<Bearer | null> => {
        this.verified += 1;
        const issuedAt = this.clock.now();
        const expiresAt = secondsAfter(issuedAt, 3600);
        return token.startsWith('forged')
          ? null
          : { tenantId, objectId: token, clientId: 'client', issuedAt, expiresAt };
      },
    } as unknown as EntraBearerStrategy,
    {
      onBehalfOf: async ({ assertion }: { assertion: string }) => {
        this.exchanged.push(assertion);
        await new Promise((resolve) => setImmediate(resolve));
        if (this.entraSays) throw this.entraSays;
        return { idToken: assertion };
      },
    } as unknown as EntraClient,
    {
      identify: ({ idToken }: { idToken: string }) =>
        Promise.resolve({ person: { tenantId, objectId: idToken, ...this.identity } }),
    } as unknown as IdentityVerification,
    {
      admit: async ({ objectId }: { objectId: string }) => {
        if (this.entranceSays) throw this.entranceSays;
        this.admitted.push(objectId);
        return { id: `user of ${objectId}` };
      },
      recordFailure: async (method: string, { code }: AppError) => void this.failures.push([method, code]),
    } as unknown as SignIn,
    this.clock,
  );

  of = (token: string) => this.admissions.of(token);
}

const entraFailure = (failureClass: FailureClass) =>
  new EntraFailure(failureClass, { status: 400, error: 'x' });

let world: World;
beforeEach(() => (world = new World()));

describe('an admission', () => {
  it('is made once for each token, until it has expired', async () => {
    expect(await world.of('uma')).toEqual({ userId: 'user of uma' });
    world.clock.advanceSeconds(3600 + 59);
    await world.of('uma');
    expect([world.verified, world.exchanged, world.admitted]).toEqual([1, ['uma'], ['uma']]);
    world.clock.advanceSeconds(1);
    await world.of('uma');
    expect([world.verified, world.admitted]).toEqual([2, ['uma', 'uma']]);
  });

  it('is made once for all calls that come at the same time', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => world.of('uma')));
    expect(all).toEqual(Array.from({ length: 4 }, () => ({ userId: 'user of uma' })));
    expect([world.exchanged, world.admitted]).toEqual([['uma'], ['uma']]);
  });

  it('keeps people apart', async () => {
    const [uma, gustav] = await Promise.all([world.of('uma'), world.of('gustav')]);
    expect([uma, gustav]).toEqual([{ userId: 'user of uma' }, { userId: 'user of gustav' }]);
    expect(await world.of('uma')).toEqual({ userId: 'user of uma' });
  });

  it('never asks Entra about a token that is not genuine, nor writes into the log', async () => {
    expect(await world.of('forged')).toBe('not_authenticated');
    expect([world.exchanged, world.failures]).toEqual([[], []]);
  });

  it.each([{ objectId: 'adele' }, { tenantId: '44444444-4444-4444-8444-444444444444' }])(
    'fails when Entra answers for somebody else: %o',
    async (identity) => {
      world.identity = identity;
      expect(await world.of('uma')).toBe('not_authenticated');
      expect(world.admitted).toEqual([]);
      expect(world.failures).toEqual([['api_bearer', 'not_authenticated']]);
    },
  );

  it.each<[FailureClass, ErrorCode]>([
    ['sign_in_again', 'not_authenticated'],
    ['interaction', 'reauthentication_required'],
    ['blocked', 'sign_in_declined'],
  ])('that Entra refuses (%s) is a %s', async (failureClass, code) => {
    world.entraSays = entraFailure(failureClass);
    expect(await world.of('uma')).toBe(code);
    expect(world.failures).toEqual([['api_bearer', code]]);
  });

  it.each<ErrorCode>(['no_role', 'account_disabled', 'sign_in_failed'])(
    'that we refuse: %s',
    async (code) => {
      world.entranceSays = new AppError(code);
      const told = code === 'sign_in_failed' ? 'not_authenticated' : code;
      expect(await world.of('uma')).toBe(told);
    },
  );

  it('that was refused is tried again after ten seconds, and not before', async () => {
    world.entranceSays = new AppError('no_role');
    await world.of('nora');
    world.entranceSays = null;
    world.clock.advanceSeconds(9);
    expect(await world.of('nora')).toBe('no_role');
    expect(world.failures).toHaveLength(1);
    world.clock.advanceSeconds(1);
    expect(await world.of('nora')).toEqual({ userId: 'user of nora' });
  });

  it.each([
    ['Entra is away', entraFailure('transient'), 'sign_in_unavailable'],
    ['our registration is wrong', entraFailure('operator'), 'sign_in_unavailable'],
    ['Graph is away', new AppError('sign_in_unavailable'), 'sign_in_unavailable'],
    [
      'the database is away',
      Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }),
      'service_unavailable',
    ],
    ['we are at fault', new TypeError('undefined'), 'internal'],
  ])('that fails because %s is told as that, and tried again at once', async (_, failure, code) => {
    world.entraSays = failure;
    await expect(world.of('uma')).rejects.toMatchObject({ code });
    expect(world.failures).toEqual([]);
    world.entraSays = null;
    expect(await world.of('uma')).toEqual({ userId: 'user of uma' });
  });
});
