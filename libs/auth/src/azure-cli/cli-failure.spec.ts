import { expect, it } from 'vitest';
import { failureIn } from './cli-failure.ts';

const login = '\nInteractive authentication is needed. Please run:\naz login --scope https://x/.default\n';

it.each([
  // Texts of Azure CLI 2.45.
  ["ERROR: Please run 'az login' to setup account.", 'login_required', null],
  [
    "Please run 'az login' from a command prompt to authenticate before using this credential.",
    'login_required',
    null,
  ],
  [
    `ERROR: AADSTS50173: The provided grant has expired due to it being revoked.${login}`,
    'login_required',
    '50173',
  ],
  [
    `ERROR: AADSTS700082: The refresh token has expired due to inactivity.${login}`,
    'login_required',
    '700082',
  ],
  [
    `ERROR: AADSTS50076: you must use multi-factor authentication to access X.${login}`,
    'interaction',
    '50076',
  ],
  ['ERROR: AADSTS70022: The end user denied the authorization request.\naz login', 'declined', '70022'],
  // Entra is busy; the Azure CLI asks for a login all the same.
  [`ERROR: AADSTS90033: A transient error has occurred. Please try again.${login}`, 'network', '90033'],
  [`ERROR: The service is temporarily unavailable.${login}`, 'network', null],
  [
    'ERROR: 503 Server Error: Service Unavailable for url: https://login.microsoftonline.com/t/oauth2/v2.0/token',
    'network',
    null,
  ],
  [
    "ERROR: HTTPSConnectionPool(host='login.microsoftonline.com', port=443): Max retries exceeded",
    'network',
    null,
  ],
  ['OSError: [Errno 28] No space left on device', 'machine', null],
  ['sh: 1: az: not found', 'machine', null],
  [
    'Azure CLI could not be found. Please visit https://aka.ms/azure-cli … using ‘az login’.',
    'machine',
    null,
  ],
  ["PermissionError: [Errno 13] Permission denied: '/data/azure/users/1/az.json'", 'machine', null],
  ['Traceback (most recent call last):\nKeyError: 1', 'unknown', null],
  ['', 'unknown', null],
])('%j is %s', (text, reason, entraCode) => {
  expect(failureIn(text)).toMatchObject({ reason, entraCode });
});

it('keeps nothing of the text: it may name people', () => {
  const failure = failureIn("ERROR: AADSTS50034: The user account 'uma@contoso.com' does not exist.");
  expect(failure.message).not.toContain('uma');
});
