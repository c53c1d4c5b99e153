/** What a sign-in asks for; a token for it is one for Microsoft Graph. MSAL adds `openid`, `profile`, `offline_access`. */
export const signInScope = 'User.Read';
