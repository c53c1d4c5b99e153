export interface LoginMessage {
  userCode: string;
  verificationUri: string;
  /** Entra’s sentence with both, in its language. */
  message: string;
}

const address = /https?:\/\/[^\s"'<>]+[^\s"'<>.,;]/;
/** No word of a sentence: capitals and digits alone, as RFC 8628 6.1 advises. */
const code = /(?<![\w/.-])[A-Z0-9]{6,16}(?![\w/-])/;

/** The line in which `az login` passes on Entra's sentence; null until it is there as a whole. */
export function readLoginMessage(stderr: string): LoginMessage | null {
  for (const line of stderr.split('\n').slice(0, -1)) {
    const verificationUri = address.exec(line)?.[0];
    const userCode = verificationUri && code.exec(line.replace(verificationUri, ''))?.[0];
    if (userCode) return { userCode, verificationUri, message: line.replace(/^WARNING:\s*/, '').trim() };
  }
  return null;
}
