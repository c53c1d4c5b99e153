/** The arrows of docs/architecture.md, as rules. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: `^${from}` },
  to: { path: '^(libs|apps)/', pathNot: [`^${from}`, ...allowed.map((path) => `^${path}`)] },
});

/** Within a lib: files of `folder` use only the named sibling folders of `lib`. */
const inside = (lib, folder, allowed) => ({
  name: `${lib}-${folder}`,
  comment: `Inside ${lib}, ${folder} uses only ${['config', ...allowed].join(', ')}.`,
  severity: 'error',
  from: { path: `^libs/${lib}/src/${folder}/`, pathNot: '[.]spec[.]ts$' },
  to: {
    path: `^libs/${lib}/src/[^/]+/`,
    pathNot: `^libs/${lib}/src/(${[folder, 'config', ...allowed].join('|')})/`,
  },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    only('contracts-first', 'libs/contracts/', [], 'Contracts know nothing of ours.'),
    only(
      'platform-on-contracts',
      'libs/platform/',
      ['libs/contracts/', 'test/support/'],
      'Platform knows contracts only.',
    ),
    only(
      'audit-on-platform',
      'libs/audit/',
      ['libs/contracts/', 'libs/platform/'],
      'Audit does not know what a session is.',
    ),
    only(
      'auth-not-chat',
      'libs/auth/',
      ['libs/contracts/', 'libs/platform/', 'libs/audit/'],
      'Auth does not know conversations.',
    ),
    only(
      'chat-not-auth',
      'libs/chat/',
      ['libs/contracts/', 'libs/platform/', 'libs/audit/'],
      'Chat does not know auth; it owns AccessTokenSource.',
    ),
    only('api-not-apps', 'apps/api/', ['libs/'], 'The API composes libs.'),
    only(
      'web-on-contracts',
      'apps/web/',
      ['libs/contracts/'],
      'The web app knows the wire and no server code.',
    ),
    only(
      'emulator-alone',
      'apps/azure-emulator/',
      [],
      'The emulator shares no line with the product, so one mistake cannot hide the same mistake.',
    ),
    only('local-alone', 'apps/local/', [], 'The local stack starts processes; it imports none of them.'),
    {
      name: 'libs-through-their-door',
      comment: 'A lib is entered through its index.',
      severity: 'error',
      from: { path: '^(libs/[^/]+|apps/[^/]+)/' },
      to: { path: '^libs/[^/]+/src/', pathNot: ['^$1/', '^libs/[^/]+/src/(index|testing)[.]ts$'] },
    },
    inside('auth', 'entra', []),
    inside('auth', 'azure-cli', []),
    inside('auth', 'users', []),
    inside('auth', 'sessions', []),
    inside('auth', 'vault', ['entra', 'azure-cli']),
    inside('auth', 'access', ['sessions', 'users', 'bearer']),
    inside('auth', 'bearer', ['entra', 'users', 'vault', 'sign-in']),
    inside('auth', 'account', ['access', 'sessions', 'users', 'vault']),
    inside('auth', 'admin', ['access', 'account', 'sessions', 'users', 'vault']),
    inside('chat', 'model', []),
    inside('chat', 'streaming', []),
    inside('chat', 'conversations', []),
    inside('chat', 'usage', []),
    inside('chat', 'messages', ['conversations']),
    inside('chat', 'generation', ['messages', 'conversations', 'model', 'streaming', 'usage']),
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|^data/|/[.]next/|^apps/web/out/)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'require', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
