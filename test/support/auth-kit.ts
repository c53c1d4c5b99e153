/** The services of auth on a real database, put together by hand, with a clock that stands still and an Entra of our own. */
import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { Registry } from 'prom-client';
import { auditEntities, AuditLog } from '#audit';
import { authEntities } from '#auth';
import { type Clock, EventBus, Leases, Sealer } from '#platform';
import { FakeClock } from '#platform/testing';
import { EntraStanding } from '../../libs/auth/src/account/entra-standing.ts';
import { RoleReview } from '../../libs/auth/src/account/role-review.ts';
import { SessionEndings } from '../../libs/auth/src/account/session-endings.ts';
import type { AzureCli } from '../../libs/auth/src/azure-cli/azure-cli.ts';
import { CliFolders } from '../../libs/auth/src/azure-cli/cli-folders.ts';
import type { AcquiredToken, EntraClient } from '../../libs/auth/src/entra/entra-client.ts';
import type { Graph } from '../../libs/auth/src/entra/graph.ts';
import { type IdTokenClaims, IdTokenVerifier } from '../../libs/auth/src/entra/id-token.ts';
import { AzureTokens } from '../../libs/auth/src/refresh/azure-tokens.ts';
import { Challenges } from '../../libs/auth/src/refresh/challenges.ts';
import { EntraCircuit } from '../../libs/auth/src/refresh/entra-circuit.ts';
import { OperatorNotice } from '../../libs/auth/src/refresh/operator-notice.ts';
import { RefreshFailures } from '../../libs/auth/src/refresh/refresh-failures.ts';
import { RefreshMetrics } from '../../libs/auth/src/refresh/refresh-metrics.ts';
import { RefreshLimits, RefreshSchedule } from '../../libs/auth/src/refresh/refresh-schedule.ts';
import { RefreshedIdentity } from '../../libs/auth/src/refresh/refreshed-identity.ts';
import { TokenRefresher } from '../../libs/auth/src/refresh/token-refresher.ts';
import { Sessions } from '../../libs/auth/src/sessions/sessions.ts';
import { SignIn } from '../../libs/auth/src/sign-in/sign-in.ts';
import { SignInMetrics } from '../../libs/auth/src/sign-in/sign-in-metrics.ts';
import { SignInAttempts } from '../../libs/auth/src/sign-in/sign-in-attempts.ts';
import type { VerifiedIdentity } from '../../libs/auth/src/sign-in/verified-identity.ts';
import { PersonChanges } from '../../libs/auth/src/admin/person-changes.ts';
import { Administrators } from '../../libs/auth/src/users/administrators.ts';
import { DeletedPeople } from '../../libs/auth/src/account/deleted-people.ts';
import { EntraRoles } from '../../libs/auth/src/users/entra-roles.ts';
import { SeenStandings } from '../../libs/auth/src/users/seen-standings.ts';
import { type PersonFromEntra, Users } from '../../libs/auth/src/users/users.ts';
import { CredentialSource } from '../../libs/auth/src/vault/credential-source.ts';
import { TokenVault } from '../../libs/auth/src/vault/token-vault.ts';
import { VaultRows } from '../../libs/auth/src/vault/vault-rows.ts';
import { authConfig, tenantId } from './auth.ts';
import { openTestDatabase } from './database.ts';

/** Answers as the test decides; each call is written down. */
export class FakeEntra {
  readonly calls: { cache: string; client: string; scope: string; renew: boolean }[] = [];
  /** Called for each acquisition; throw to refuse. */
  answer: (call: number) => Answered | Promise<Answered> = () => {
    throw new Error('the test did not expect a call to Entra');
  };

  async acquire(
    { cache, client }: { cache: string; client: string },
    scope: string,
    { renew }: { renew: boolean },
  ) {
    this.calls.push({ cache, client, scope, renew });
    const { claims, ...token } = await this.answer(this.calls.length);
    const idToken = claims ? JSON.stringify(claims) : null;
    return { ...token, idToken, cache: `${cache}+${this.calls.length}` };
  }
}

/** The Azure CLI, asking the same Entra; it says nothing of whose the token is. */
const cliOf = (entra: FakeEntra): AzureCli => {
  const token = async (folder: string, scope: string, { renew }: { renew: boolean }) => {
    const { accessToken, expiresAt } = await entra.acquire({ cache: folder, client: 'azure_cli' }, scope, {
      renew,
    });
    return { accessToken, expiresAt };
  };
  return { isOffered: true, token } as unknown as AzureCli;
};

/** `claims`: what the ID token says that comes along, taken for verified. */
export type Answered = AcquiredToken & { claims?: Partial<IdTokenClaims> };

/** Answers for the groups and the account of whoever asks. */
export class FakeGraph {
  groupsOf: () => string[] | Promise<string[]> = () => [];
  isDisabledNow = false;

  async groups(): Promise<string[]> {
    return this.groupsOf();
  }

  async isDisabled(): Promise<boolean> {
    return this.isDisabledNow;
  }
}

const unverified = {
  verify: async (idToken: string) => JSON.parse(idToken) as IdTokenClaims,
} as unknown as IdTokenVerifier;

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

export async function openAuth(
  changes: Parameters<typeof authConfig>[0] = {},
  clock = new FakeClock(new Date('2026-03-01T08:00:00Z')),
) {
  const opened = await openTestDatabase([...auditEntities, ...authEntities]);
  const { database } = opened;
  const config = authConfig(changes);
  const bus = new EventBus(database);
  const audit = new AuditLog(database, clock);
  const sealer = new Sealer([{ id: 'test', key: randomBytes(32) }]);
  const entra = new FakeEntra();
  const users = new Users(database, clock);
  const sessions = new Sessions(database, clock, bus, config, audit);
  const graph = new FakeGraph();
  const vault = new TokenVault(database, clock, sealer, config, bus, audit);
  const administrators = new Administrators(database);
  const entraRoles = new EntraRoles(database, clock, bus, audit, users, administrators);
  const standings = new SeenStandings(database, clock);
  const deleted = new DeletedPeople(database, clock);
  const signInMetrics = new SignInMetrics(new Registry());
  const endings = new SessionEndings(database, clock, sessions, vault, new Leases(database, clock), deleted);
  const review = new RoleReview(database, entraRoles, endings, standings);
  /** Refreshing as one process does it; another shares the database with it, and nothing else. */
  const newProcess = ({
    idTokens = unverified,
    client = entra as unknown as EntraClient,
    limits = new RefreshLimits(),
  } = {}) => {
    const rows = new VaultRows(database, clock, sealer);
    const circuit = new EntraCircuit(clock, bus);
    const registry = new Registry();
    const metrics = new RefreshMetrics(registry, rows, clock);
    const operator = new OperatorNotice();
    const graphOfPerson = graph as unknown as Graph;
    const refresher = new TokenRefresher(
      database,
      clock,
      config,
      rows,
      vault,
      new CredentialSource(client, cliOf(entra), new CliFolders(config)),
      circuit,
      new RefreshedIdentity(idTokens, users),
      new EntraStanding(config, graphOfPerson),
      review,
      new RefreshFailures(database, clock, config, rows, vault, graphOfPerson, endings, audit, operator),
      operator,
      metrics,
      audit,
    );
    const challenges = new Challenges(database, config, rows, vault, audit);
    return {
      rows,
      circuit,
      registry,
      refresher,
      challenges,
      tokens: new AzureTokens(clock, config, rows, vault, refresher, challenges, circuit),
      schedule: new RefreshSchedule(
        clock,
        config,
        rows,
        refresher,
        circuit,
        metrics,
        new SchedulerRegistry(),
        limits,
      ),
    };
  };
  const personChanges = new PersonChanges(
    database,
    clock,
    bus,
    audit,
    users,
    administrators,
    endings,
    deleted,
  );
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
    graph,
    newProcess,
    ...newProcess(),
    endings,
    attempts: new SignInAttempts(database, clock, sealer),
    signIn: new SignIn(
      database,
      users,
      sessions,
      endings,
      vault,
      audit,
      review,
      signInMetrics,
      deleted,
      standings,
    ),
    administrators,
    entraRoles,
    review,
    standings,
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
