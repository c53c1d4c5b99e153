import { describe, expect, it } from 'vitest';
import { inRequest } from '../http/request-context.ts';
import { createLogger, NestLogger } from './logger.ts';

const canary = 'canary-3f1c';

function pen(level = 'trace') {
  const lines: string[] = [];
  const logger = createLogger(level, { write: (line) => lines.push(line) });
  return {
    logger,
    nest: new NestLogger(logger),
    lines,
    last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>,
  };
}

describe('what reaches the log', () => {
  const names = [
    'authorization',
    'cookie',
    'token',
    'accessToken',
    'access_token',
    'refreshToken',
    'refresh_token',
  ]
    .concat(['idToken', 'id_token', 'client_secret', 'clientSecret', 'content', 'device_code', 'deviceCode'])
    .concat([
      'set-cookie',
      'x-csrf-token',
      'csrfToken',
      'code_verifier',
      'codeVerifier',
      'password',
      'secret',
      'client_assertion',
    ]);

  it.each(names)('TOK-06: never the value of %s, however deep', (name) => {
    const { logger, lines } = pen();
    logger.info({ [name]: canary });
    logger.info({ headers: { [name]: canary } });
    logger.info({ request: { headers: { [name]: canary } } });
    logger.info({ list: [{ [name]: canary }] });
    logger.info({ a: { b: { c: { d: { [name]: canary } } } } });
    expect(lines).toHaveLength(5);
    expect(lines.join('')).not.toContain(canary);
  });

  it('TOK-06: nothing of an error but its name, words, place and causes', () => {
    const { logger, last, lines } = pen();
    const cause = Object.assign(new Error('the cause'), {
      response: { headers: { authorization: canary } },
      code: 'E1',
    });
    const error = Object.assign(new TypeError('it failed', { cause }), {
      config: { body: canary },
      parameters: [canary],
    });
    logger.error({ err: error });
    expect(last().err).toMatchObject({
      type: 'TypeError',
      message: 'it failed',
      cause: { message: 'the cause', code: 'E1' },
    });
    logger.error(error);
    logger.error({ error });
    logger.error({ nested: { failure: error } });
    expect(lines.join('')).not.toContain(canary);
  });

  it('ends where causes go round in circles', () => {
    const { logger, lines } = pen();
    const [one, two] = [new Error('one'), new Error('two')];
    one.cause = two;
    two.cause = one;
    logger.error({ err: one });
    expect(lines).toHaveLength(1);
  });

  it('of a request the method and the path, without its query', () => {
    const { logger, last } = pen();
    logger.info({
      req: {
        method: 'GET',
        url: `/api/auth/callback?code=${canary}&state=${canary}`,
        headers: { cookie: canary },
      },
    });
    expect(last().req).toEqual({ method: 'GET', path: '/api/auth/callback' });
  });

  it('who asked, wherever in the call it is written', () => {
    const { logger, last } = pen();
    const actor = { id: 'user-1', email: canary, displayName: canary };
    inRequest(
      { requestId: 'request-1', address: null, userAgent: canary, actor, sessionId: 'session-1' },
      () => logger.info('done'),
    );
    expect(last()).toMatchObject({
      requestId: 'request-1',
      userId: 'user-1',
      sessionId: 'session-1',
      level: 'info',
      msg: 'done',
    });
    expect(JSON.stringify(last())).not.toContain(canary);
  });
});

describe('a line', () => {
  it.each([
    '\r\n{"level":"error","msg":"forged"}',
    '\u001b[2J\u001b[31mred',
    '"}\n{"msg":"forged',
    '\u2028\u2029\u0085',
    '\0',
  ])('LOG-02: with %j in it stays one line', (odd) => {
    const { logger, nest, lines } = pen();
    logger.info({ userAgent: odd, err: new Error(odd), msg: odd, [odd]: odd });
    nest.error(odd, odd, odd);
    nest.warn({ msg: odd });
    expect(lines).toHaveLength(3);
    for (const line of lines) {
      expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f\u0085\u2028\u2029]/); // eslint-disable-line no-control-regex
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });

  it('keeps levels apart', () => {
    const { nest, lines, last } = pen('warn');
    nest.log('quiet', 'Context');
    expect(lines).toEqual([]);
    nest.error(new Error('loud'), 'Context');
    expect(last()).toMatchObject({ level: 'error', context: 'Context', err: { message: 'loud' } });
  });

  it('calls for nobody because a task that comes again found the database away', () => {
    const { nest, last } = pen();
    nest.error(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }), 'Scheduler');
    expect(last()).toMatchObject({ level: 'warn', context: 'Scheduler', err: { message: 'refused' } });
  });
});
