/** What a person has agreed to: it stands behind every code, device request and refresh token. */
export interface Grant {
  personId: string;
  clientId: string;
  /** Entra's session in the browser where the person signed in: the `sid` claim. */
  sessionId: string;
  grantedAt: number;
  scope: string;
  /** How the person proved who they are: the `amr` claim. */
  methods: string[];
  /** Authentication contexts that were asked for with `claims` and fulfilled: the `acrs` claim. */
  contexts: string[];
  /** Obtained with the app's own credential, so it can only be used with it. */
  confidential: boolean;
}
