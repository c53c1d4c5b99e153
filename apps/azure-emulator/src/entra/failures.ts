/**
 * What Entra says when it refuses. `{0}` is filled with the detail given where the failure is thrown. Clients must act
 * on `error` alone; the numbers are for people who read logs.
 */
export const FAILURES = {
  tenantUnknown: [90002, 'invalid_tenant', "Tenant '{0}' not found."],
  clientUnknown: [
    700016,
    'unauthorized_client',
    "Application with identifier '{0}' was not found in the directory 'Contoso'.",
  ],
  clientMissing: [900144, 'invalid_request', "The request body must contain the following parameter: '{0}'."],
  redirectUriMismatch: [
    50011,
    'invalid_request',
    "The redirect URI '{0}' specified in the request does not match the redirect URIs configured for the application.",
  ],
  responseTypeUnsupported: [
    700054,
    'unsupported_response_type',
    "response_type '{0}' is not enabled for the application.",
  ],
  responseModeUnsupported: [90009, 'invalid_request', "The response_mode '{0}' is not supported."],
  challengeMethodUnsupported: [
    501481,
    'invalid_request',
    "The code_challenge_method '{0}' is not supported. Use S256.",
  ],
  challengeMalformed: [501491, 'invalid_request', 'The code_challenge has an invalid length or character.'],
  promptUnsupported: [
    90023,
    'invalid_request',
    "The value '{0}' of the parameter 'prompt' is not supported.",
  ],
  claimsMalformed: [50131, 'invalid_request', "The parameter 'claims' is not valid JSON."],
  scopeMissing: [900144, 'invalid_request', "The request must contain the following parameter: 'scope'."],
  scopeInvalid: [
    70011,
    'invalid_scope',
    "The provided value for the input parameter 'scope' is not valid. The scope {0} is not valid.",
  ],
  severalResources: [
    28000,
    'invalid_request',
    'Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {0} is not valid.',
  ],
  resourceUnknown: [
    500011,
    'invalid_resource',
    'The resource principal named {0} was not found in the tenant named Contoso.',
  ],
  consentRequired: [
    65001,
    'invalid_grant',
    "The user or administrator has not consented to use the application with the permission '{0}'. Send an interactive authorization request for this user and resource.",
    'consent_required',
  ],
  noSession: [50058, 'login_required', 'A silent sign-in request was sent but no user is signed in.'],
  userDeclined: [65004, 'access_denied', 'User declined to consent to access the app.'],
  secondStepRequired: [
    50076,
    'interaction_required',
    'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access {0}.',
    'basic_action',
  ],
  accountDisabled: [
    50057,
    'invalid_grant',
    'The user account is disabled. The account has been disabled by an administrator.',
  ],
  accountUnknown: [50034, 'invalid_grant', "The user account '{0}' does not exist in the directory Contoso."],
  secretMissing: [
    7000218,
    'invalid_client',
    "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  ],
  secretWrong: [
    7000215,
    'invalid_client',
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{0}'.",
  ],
  assertionInvalid: [
    700027,
    'invalid_client',
    'The certificate with identifier used to sign the client assertion is not registered on application. {0}',
  ],
  publicFlowForbidden: [7000218, 'invalid_client', 'The application does not allow public client flows.'],
  grantUnsupported: [70003, 'unsupported_grant_type', "The app requested an unsupported grant type '{0}'."],
  codeInvalid: [9002313, 'invalid_grant', 'Invalid request. Request is malformed or invalid.'],
  codeRedeemed: [
    54005,
    'invalid_grant',
    'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  ],
  codeExpired: [
    70008,
    'invalid_grant',
    'The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.',
  ],
  codeForOtherClient: [
    700005,
    'invalid_grant',
    'Provided Authorization Code is intended to use against other client.',
  ],
  redirectUriChanged: [
    500112,
    'invalid_grant',
    'The reply address does not match the reply address provided when requesting the authorization code.',
  ],
  verifierMismatch: [
    501481,
    'invalid_grant',
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  ],
  refreshTokenInvalid: [9002313, 'invalid_grant', 'Invalid request. Request is malformed or invalid.'],
  refreshTokenExpired: [700082, 'invalid_grant', 'The refresh token has expired due to inactivity.'],
  refreshTokenSpent: [70000, 'invalid_grant', 'The provided refresh token was already used.'],
  refreshTokenForOtherClient: [700084, 'invalid_grant', 'The refresh token was issued to another client.'],
  grantRevoked: [
    50173,
    'invalid_grant',
    'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
    'bad_token',
  ],
  devicePending: [
    70016,
    'authorization_pending',
    'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  ],
  // RFC 8628 section 3.5; Microsoft documents no number for it.
  deviceTooFast: [
    null,
    'slow_down',
    'OAuth 2.0 device flow error. Polling too frequently. Add five seconds to the interval.',
  ],
  deviceDeclined: [
    70022,
    'authorization_declined',
    'OAuth 2.0 device flow error. The end user denied the authorization request.',
  ],
  deviceExpired: [
    70020,
    'expired_token',
    'The provided value for the input parameter device_code is not valid. This device code has expired.',
  ],
  deviceUnknown: [
    70018,
    'bad_verification_code',
    'Invalid verification code. The device_code sent by the device is not known.',
  ],
  deviceRedeemed: [
    70000,
    'invalid_grant',
    'The provided value for the input parameter device_code is not valid. This device code was already redeemed.',
  ],
  onBehalfOfInvalid: [
    50013,
    'invalid_grant',
    'Assertion failed signature validation or is not within its valid time range. {0}',
  ],
  onBehalfOfAudience: [
    500131,
    'invalid_grant',
    "Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '{0}'.",
  ],
} satisfies Record<string, [number | null, string, string, string?]>;
