import { Session } from './sessions/session.entity.ts';
import { signingKeyOwner } from './access/signing-keys.ts';
import { attemptOwner } from './sign-in/sign-in-attempts.ts';
import { SignInAttempt } from './sign-in/sign-in-attempt.entity.ts';
import { User } from './users/user.entity.ts';
import type { SealedColumn } from '#platform';
import { TokenCache } from './vault/token-cache.entity.ts';
import { vaultOwner } from './vault/vault-content.ts';

export { AccessGuard } from './access/access.guard.ts';
export { Authenticator, type LiveSession } from './access/authenticator.ts';
export { isCsrfTokenRight, isFromOurPage } from './access/request-trust.ts';
export { PeopleFigures } from './admin/people-figures.ts';
export { Restoration } from './account/restoration.ts';
export { AuthModule } from './auth.module.ts';
export { readAzureCli } from './azure-cli/read-azure-cli.ts';
export { OnBehalfOf } from './bearer/on-behalf-of.ts';
export { AuthConfig, readClientCertificate } from './config/auth-config.ts';
export { authEnvironment } from './config/auth-environment.ts';
export { EntraMetadataSource } from './entra/entra-metadata.ts';
export { credentialOf } from './access/credential.ts';
export { RecentSignInGuard } from './access/recent-sign-in.guard.ts';
export { sessionEnded, Sessions } from './sessions/sessions.ts';
export { BreakGlass } from './users/break-glass.ts';
export { permissionsWithdrawn } from './users/users.ts';
export { AzureTokens, type RejectedToken } from './refresh/azure-tokens.ts';
export { azureTokenChanged } from './vault/token-vault.ts';
export const authEntities = [User, Session, SignInAttempt, TokenCache];

/** Everything of auth that ENCRYPTION_KEYS seal; a test compares it with the schema. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'token_caches', column: 'sealed', key: 'user_id', owner: vaultOwner },
  { table: 'signing_keys', column: 'sealed_private_key', key: 'id', owner: signingKeyOwner },
  { table: 'sign_in_attempts', column: 'sealed', key: 'id', owner: attemptOwner },
];
