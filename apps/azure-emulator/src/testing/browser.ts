type Fields = Record<string, string>;

/** What a person does in a browser, as plain form posts. */

/** Signs in at an authorization URL; gives the address to which the browser is sent back. */
export async function signInAt(authorizeUrl: string, person: string, more: Fields = {}): Promise<URL> {
  const url = new URL(authorizeUrl);
  const tenant = url.pathname.split('/')[1];
  const fields = { ...Object.fromEntries(url.searchParams), person, ...more };
  const response = await postForm(`${url.origin}/${tenant}/login`, fields);
  const location = response.headers.get('location');
  if (!location) throw new Error(`No redirect but ${response.status}: ${await response.text()}`);
  return new URL(location);
}

export function answerDeviceCode(
  httpUrl: string,
  userCode: string,
  person: string,
  decision: 'approve' | 'decline' = 'approve',
): Promise<Response> {
  return postForm(`${httpUrl}/devicelogin`, { user_code: userCode, person, decision });
}

export function postForm(url: string, fields: Fields, headers: Fields = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });
}
