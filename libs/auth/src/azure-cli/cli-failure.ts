/**
 * Why the Azure CLI did not do what it was asked. It has one exit code for everything and no machine-readable errors, so
 * its text is all there is. Therefore: what is not understood counts as passing, a token that still works goes on being
 * used, and nobody is sent to sign in again unless the text names a refusal by Entra or a login that is not there.
 */
export type CliFailureReason =
  /** There is no login in the folder, or Entra does not accept it any more. */
  | 'login_required'
  /** Entra wants another step from the person. */
  | 'interaction'
  | 'declined'
  | 'network'
  /** The machine: no executable, no room, no right. */
  | 'machine'
  | 'timeout'
  | 'unknown';

export class CliFailure extends Error {
  constructor(
    readonly reason: CliFailureReason,
    /** Entra's number where it says one. Nothing else of the text is kept: it may name people. */
    readonly entraCode: string | null = null,
    options?: ErrorOptions,
  ) {
    super(`the Azure CLI failed: ${reason}${entraCode ? `, AADSTS${entraCode}` : ''}`, options);
    this.name = 'CliFailure';
  }
}

/** Second factors, Conditional Access, consent. */
const interactionCodes = new Set(['50072', '50074', '50076', '50079', '50158', '65001']);
/** Entra is busy or ill; it says so with the same words as a refusal. */
const passingCodes = new Set(['50196', '90006', '90024', '90033', '90055']);

const machine =
  /no space left|errno 28|disk quota|read-only file system|permission denied|not found|not be found|cannot fork|memoryerror/i;
const declined = /authorization_declined|denied the authorization|declined/i;
const network = /connection|proxy|max retries|timed? ?out|name resolution|ssl|server error|temporarily/i;

/** From what the Azure CLI or AzureCliCredential says. */
export function failureIn(text: string, options?: ErrorOptions): CliFailure {
  const entraCode = /AADSTS(\d{4,8})\b/.exec(text)?.[1] ?? null;
  return new CliFailure(reasonIn(text, entraCode), entraCode, options);
}

function reasonIn(text: string, entraCode: string | null): CliFailureReason {
  if (entraCode !== null) {
    if (passingCodes.has(entraCode)) return 'network';
    if (declined.test(text)) return 'declined';
    return interactionCodes.has(entraCode) ? 'interaction' : 'login_required';
  }
  if (machine.test(text)) return 'machine';
  if (/az login/.test(text) && !/az login --scope/.test(text)) return 'login_required';
  return network.test(text) ? 'network' : 'unknown';
}
