import { Session } from './sessions/session.entity.ts';
import { SignInAttempt } from './sign-in/sign-in-attempt.entity.ts';
import { User } from './users/user.entity.ts';
import { TokenCache } from './vault/token-cache.entity.ts';

export { AccessGuard } from './access/access.guard.ts';
export { Authenticator, type LiveSession } from './access/authenticator.ts';
export { isCsrfTokenRight, isFromOurPage } from './access/request-trust.ts';
export { AuthModule } from './auth.module.ts';
export { AuthConfig, readClientCertificate } from './config/auth-config.ts';
export { authEnvironment } from './config/auth-environment.ts';
export { EntraMetadataSource } from './entra/entra-metadata.ts';
export { credentialOf } from './access/credential.ts';
export { RecentSignInGuard } from './access/recent-sign-in.guard.ts';
export { sessionEnded } from './sessions/sessions.ts';
export { BreakGlass } from './users/break-glass.ts';
export { permissionsWithdrawn } from './users/users.ts';
export { azureTokenChanged, TokenVault } from './vault/token-vault.ts';
export const authEntities = [User, Session, SignInAttempt, TokenCache];
