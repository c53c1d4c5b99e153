import { expect, it } from 'vitest';
import { readLoginMessage } from './login-message.ts';

const uri = 'https://microsoft.com/devicelogin';

it.each([
  ['', `To sign in, use a web browser to open the page ${uri} and enter the code NG7CGJRTW to authenticate.`],
  ['WARNING: ', `Um sich anzumelden, öffnen Sie ${uri}, und geben Sie den Code NG7CGJRTW ein.`],
  ['', `Code: NG7CGJRTW (${uri})`],
])('finds address and code in “%s%s”', (prefix, message) => {
  expect(readLoginMessage(`WARNING: A sign-in follows. AZURE\n${prefix}${message}\n`)).toEqual({
    userCode: 'NG7CGJRTW',
    verificationUri: uri,
    message,
  });
});

it('waits for the end of the line', () => {
  const line = `To sign in, open the page ${uri} and enter the code NG7CGJRTW`;
  expect(readLoginMessage(line)).toBeNull();
  expect(readLoginMessage(`${line} to authenticate.\n`)).not.toBeNull();
});

it.each(['garbage\n', 'see https://aka.ms/azure-cli for help\n', '\0\0\n', 'the code is NG7CGJRTW\n'])(
  'takes nothing for it that lacks one of the two: %j',
  (text) => expect(readLoginMessage(text)).toBeNull(),
);
