/** What a log line may carry: no secret by any of its usual names, no more of an error than explains it, no line breaks. */
const secretNames = new Set([
  'authorization',
  'cookie',
  'setcookie',
  'token',
  'accesstoken',
  'refreshtoken',
  'idtoken',
  'csrftoken',
  'xcsrftoken',
  'secret',
  'clientsecret',
  'clientassertion',
  'password',
  'content',
  'codeverifier',
  'devicecode',
]);
/** In any spelling: `set-cookie`, `setCookie`, `SET_COOKIE`. */
const isSecretName = (name: string): boolean => secretNames.has(name.replace(/[-_]/g, '').toLowerCase());

/** Deeper is nothing that anybody reads in a log; and a chain may be a circle. */
const deepest = 6;

interface ErrorLine {
  type: string;
  message: string;
  stack?: string;
  code?: unknown;
  cause?: ErrorLine;
}

/** Only these parts: errors of HTTP clients carry whole requests, with their headers, as further properties. */
export function describeError(error: unknown, depth = 0): ErrorLine | undefined {
  if (!(error instanceof Error))
    return error === undefined ? undefined : { type: typeof error, message: String(error) };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(cause === undefined || depth === deepest ? {} : { cause: describeError(cause, depth + 1) }),
  };
}

/** The fields with each secret replaced, at any depth; those named in `except` as they are. */
export const withoutSecrets = (
  fields: object,
  except: ReadonlySet<string> = new Set(),
  depth = 0,
): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (except.has(name)) return [name, value];
      return [name, isSecretName(name) ? '[secret]' : describeValue(value, depth)];
    }),
  );

function describeValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (value instanceof Error) return describeError(value);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth === deepest) return '[deeper]';
  if (Array.isArray(value)) return value.map((item) => describeValue(item, depth + 1));
  return withoutSecrets(value, undefined, depth + 1);
}

/** JSON leaves these as they are; terminals and viewers take them for commands and line breaks. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const treacherous = /[\u007f-\u009f\u2028\u2029]/g;
export const escapeControls = (line: string): string =>
  line.replace(treacherous, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
