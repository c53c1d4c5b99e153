import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AccessGuard } from './access/access.guard.ts';
import { Authenticator } from './access/authenticator.ts';
import { FrontChannelLogoutController } from './account/front-channel-logout.controller.ts';
import { MySessionsController } from './account/my-sessions.controller.ts';
import { EntraStanding } from './account/entra-standing.ts';
import { RoleReview } from './account/role-review.ts';
import { Restoration } from './account/restoration.ts';
import { SessionEndings } from './account/session-endings.ts';
import { RecentSignInGuard } from './access/recent-sign-in.guard.ts';
import { SessionJwt } from './access/session-jwt.ts';
import { SigningKeys } from './access/signing-keys.ts';
import { TokenController } from './access/token.controller.ts';
import { Principals } from './access/principals.ts';
import { LiveSessionsController } from './admin/live-sessions.controller.ts';
import { LiveSessions } from './admin/live-sessions.ts';
import { PeopleFigures } from './admin/people-figures.ts';
import { PeopleController } from './admin/people.controller.ts';
import { People } from './admin/people.ts';
import { PersonChanges } from './admin/person-changes.ts';
import { PersonTrailController } from './admin/person-trail.controller.ts';
import { PersonTrail } from './admin/person-trail.ts';
import { PersonReading } from './admin/reads-person.ts';
import { PersonRolesController } from './admin/person-roles.controller.ts';
import { RoleMappingsController } from './admin/role-mappings.controller.ts';
import { RoleSimulation } from './admin/role-simulation.ts';
import { EntraBearer } from './bearer/entra-bearer.ts';
import { EntraBearerStrategy } from './bearer/entra-bearer.strategy.ts';
import { Admissions } from './bearer/admissions.ts';
import { OnBehalfOf } from './bearer/on-behalf-of.ts';
import { TokenWipe } from './admin/token-wipe.ts';
import { AzureCli } from './azure-cli/azure-cli.ts';
import { CliFolders } from './azure-cli/cli-folders.ts';
import { FolderTurns } from './azure-cli/folder-turns.ts';
import { AuthConfig } from './config/auth-config.ts';
import { EntraClient } from './entra/entra-client.ts';
import { EntraFetch } from './entra/entra-fetch.ts';
import { EntraMetadataSource } from './entra/entra-metadata.ts';
import { Graph } from './entra/graph.ts';
import { IdTokenVerifier } from './entra/id-token.ts';
import { AzureTokens } from './refresh/azure-tokens.ts';
import { Challenges } from './refresh/challenges.ts';
import { EntraCircuit } from './refresh/entra-circuit.ts';
import { GraphProfileController } from './refresh/graph-profile.controller.ts';
import { GraphProfiles } from './refresh/graph-profiles.ts';
import { OperatorNotice } from './refresh/operator-notice.ts';
import { RefreshFailures } from './refresh/refresh-failures.ts';
import { RefreshMetrics } from './refresh/refresh-metrics.ts';
import { RefreshLimits, RefreshSchedule } from './refresh/refresh-schedule.ts';
import { RefreshedIdentity } from './refresh/refreshed-identity.ts';
import { TokenRefresher } from './refresh/token-refresher.ts';
import { Sessions } from './sessions/sessions.ts';
import { AuthorizationCodeController } from './sign-in/authorization-code.controller.ts';
import { AuthorizationCodeFlow } from './sign-in/authorization-code.flow.ts';
import { AzureCliCleanUp } from './sign-in/azure-cli-clean-up.ts';
import { AzureCliFlow } from './sign-in/azure-cli.flow.ts';
import { AzureCliIdentity } from './sign-in/azure-cli-identity.ts';
import { DeviceCodeFlow } from './sign-in/device-code.flow.ts';
import { DeviceSignIns } from './sign-in/device-sign-ins.ts';
import { DeviceController } from './sign-in/device.controller.ts';
import { SessionAnswers } from './sign-in/session-answers.ts';
import { SessionController } from './sign-in/session.controller.ts';
import { SignIn } from './sign-in/sign-in.ts';
import { SignInMetrics } from './sign-in/sign-in-metrics.ts';
import { SignInAttempts } from './sign-in/sign-in-attempts.ts';
import { SignInCookies } from './sign-in/sign-in-cookies.ts';
import { SignOut } from './sign-in/sign-out.ts';
import { IdentityVerification } from './sign-in/verified-identity.ts';
import { StepUp } from './sign-in/step-up.ts';
import { Administrators } from './users/administrators.ts';
import { DeletedPeople } from './users/deleted-people.ts';
import { EntraRoles } from './users/entra-roles.ts';
import { SeenStandings } from './users/seen-standings.ts';
import { Users } from './users/users.ts';
import { CredentialSource } from './vault/credential-source.ts';
import { TokenHealth } from './vault/token-health.ts';
import { KnownStandings } from './vault/known-standings.ts';
import { TokenVault } from './vault/token-vault.ts';
import { VaultRows } from './vault/vault-rows.ts';

/** Sign-in, sessions, people, the vault of Azure tokens; and the guard that decides every call of the application. */
@Global()
@Module({})
export class AuthModule {
  static forRoot(config: AuthConfig): DynamicModule {
    return {
      module: AuthModule,
      controllers: [
        AuthorizationCodeController,
        DeviceController,
        SessionController,
        MySessionsController,
        FrontChannelLogoutController,
        TokenController,
        PeopleController,
        PersonTrailController,
        LiveSessionsController,
        RoleMappingsController,
        PersonRolesController,
        GraphProfileController,
      ],
      providers: [
        { provide: AuthConfig, useValue: config },
        AccessGuard,
        RecentSignInGuard,
        EntraFetch,
        EntraMetadataSource,
        IdTokenVerifier,
        Graph,
        EntraClient,
        Users,
        DeletedPeople,
        SeenStandings,
        Administrators,
        EntraRoles,
        Sessions,
        SessionEndings,
        Restoration,
        RoleReview,
        People,
        RoleSimulation,
        PersonChanges,
        PeopleFigures,
        TokenHealth,
        PersonTrail,
        PersonReading,
        LiveSessions,
        TokenWipe,
        AzureCli,
        CliFolders,
        FolderTurns,
        CredentialSource,
        KnownStandings,
        TokenVault,
        VaultRows,
        EntraStanding,
        EntraCircuit,
        RefreshMetrics,
        OperatorNotice,
        RefreshedIdentity,
        RefreshFailures,
        TokenRefresher,
        Challenges,
        AzureTokens,
        GraphProfiles,
        RefreshLimits,
        RefreshSchedule,
        SigningKeys,
        SessionJwt,
        Authenticator,
        EntraBearerStrategy,
        Admissions,
        OnBehalfOf,
        EntraBearer,
        Principals,
        SignInAttempts,
        SignInCookies,
        IdentityVerification,
        SignIn,
        SignInMetrics,
        StepUp,
        SignOut,
        AuthorizationCodeFlow,
        DeviceCodeFlow,
        AzureCliIdentity,
        AzureCliFlow,
        AzureCliCleanUp,
        DeviceSignIns,
        SessionAnswers,
      ],
      exports: [
        Restoration,
        AccessGuard,
        RecentSignInGuard,
        AuthConfig,
        Authenticator,
        AzureTokens,
        Sessions,
        OnBehalfOf,
        EntraMetadataSource,
        PeopleFigures,
      ],
    };
  }
}
