/** The services of auth on a real database, put together by hand, with a clock that stands still and an Entra of our own. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { auditEntities, AuditLog } from '#audit';
import { authEntities } from '#auth';
import { type Clock, EventBus, Leases, Sealer } from '#platform';
import { FakeClock } from '#platform/testing';
import { RoleReview } from '../../libs/auth/src/account/role-review.ts';
import { SessionEndings } from '../../libs/auth/src/account/session-endings.ts';
import { AzureCli } from '../../libs/auth/src/azure-cli/azure-cli.ts';
import { CliFolders } from '../../libs/auth/src/azure-cli/cli-folders.ts';
import type { AcquiredToken, EntraClient } from '../../libs/auth/src/entra/entra-client.ts';
import { Sessions } from '../../libs/auth/src/sessions/sessions.ts';
import { SignIn } from '../../libs/auth/src/sign-in/sign-in.ts';
import { SignInAttempts } from '../../libs/auth/src/sign-in/sign-in-attempts.ts';
import type { VerifiedIdentity } from '../../libs/auth/src/sign-in/verified-identity.ts';
import { PersonChanges } from '../../libs/auth/src/admin/person-changes.ts';
import { Administrators } from '../../libs/auth/src/users/administrators.ts';
import { EntraRoles } from '../../libs/auth/src/users/entra-roles.ts';
import { type PersonFromEntra, Users } from '../../libs/auth/src/users/users.ts';
import { CredentialSource } from '../../libs/auth/src/vault/credential-source.ts';
import { TokenVault } from '../../libs/auth/src/vault/token-vault.ts';
import { authConfig, tenantId } from './auth.ts';
import { openTestDatabase } from './database.ts';

/** Answers as the test decides; each call is written down. */
export class FakeEntra {
  readonly calls: { cache: string; client: string; scope: string; renew: boolean }[] = [];
  /** Called for each acquisition; throw to refuse. */
  answer: (call: number) => AcquiredToken | Promise<AcquiredToken> = () => {
    throw new Error('the test did not expect a call to Entra');
  };

  async acquire(held: { cache: string; client: string }, scope: string, { renew }: { renew: boolean }) {
    this.calls.push({ ...held, scope, renew });
    const token = await this.answer(this.calls.length);
    return { ...token, cache: `${held.cache}+${this.calls.length}` };
  }
}

export const personFromEntra = (changes: Partial<PersonFromEntra> = {}): PersonFromEntra => ({
  tenantId,
  objectId: '33333333-3333-4333-8333-333333333333',
  email: 'uma@example.test',
  displayName: 'Uma Patel',
  firstName: 'Uma',
  lastName: 'Patel',
  department: 'Marketing',
  jobTitle: 'Manager',
  roles: ['user'],
  rolesByDefault: false,
  ...changes,
});

/** What the services log would drown what the tests say. */
Logger.overrideLogger(false);

export async function openAuth(changes: Parameters<typeof authConfig>[0] = {}) {
  const opened = await openTestDatabase([...auditEntities, ...authEntities]);
  const { database } = opened;
  const clock = new FakeClock(new Date('2026-03-01T08:00:00Z'));
  const config = authConfig(changes);
  const bus = new EventBus(database);
  const audit = new AuditLog(database, clock);
  const sealer = new Sealer([{ id: 'test', key: randomBytes(32) }]);
  const entra = new FakeEntra();
  const users = new Users(database, clock);
  const sessions = new Sessions(database, clock, bus, config, audit);
  const newVault = () =>
    new TokenVault(
      database,
      clock,
      sealer,
      config,
      new CredentialSource(entra as unknown as EntraClient, new AzureCli(config), new CliFolders(config)),
      bus,
      audit,
    );
  const vault = newVault();
  const administrators = new Administrators(database);
  const entraRoles = new EntraRoles(database, clock, bus, audit, users, administrators);
  const endings = new SessionEndings(database, clock, sessions, vault, new Leases(database, clock));
  const review = new RoleReview(database, entraRoles, endings);
  const personChanges = new PersonChanges(database, clock, bus, audit, users, administrators, endings);
  return {
    ...opened,
    clock,
    config,
    bus,
    audit,
    sealer,
    entra,
    users,
    sessions,
    vault,
    newVault,
    endings,
    attempts: new SignInAttempts(database, clock, sealer),
    signIn: new SignIn(database, users, sessions, endings, vault, audit, review),
    administrators,
    entraRoles,
    review,
    personChanges,
    entries: () =>
      database.rows<{
        action: string;
        outcome: string;
        actor_id: string | null;
        details: Record<string, unknown>;
      }>('SELECT * FROM audit_entries ORDER BY sequence'),
    count: async (table: string) =>
      Number(
        (
          await database.rows<{
            count: string;
          }>(`SELECT count(*) FROM ${table}`)
        )[0]?.count,
      ),
  };
}
export type OpenAuth = Awaited<ReturnType<typeof openAuth>>;

export const identityOf = (
  person: PersonFromEntra,
  { clock }: { clock: Clock },
  changes: Partial<VerifiedIdentity> = {},
): VerifiedIdentity => ({
  method: 'authorization_code',
  person,
  authenticatedAt: null,
  entraSessionId: 'entra-session-1',
  credentials: {
    client: 'confidential',
    cache: 'cache',
    token: { accessToken: 'token-0', expiresAt: new Date(clock.now().getTime() + 3600_000) },
  },
  ...changes,
});
