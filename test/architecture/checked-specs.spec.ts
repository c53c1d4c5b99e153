import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const included = (config: string): string[] => {
  const read = ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'));
    },
  });
  return read?.fileNames.map((file) => relative('.', file)) ?? [];
};

it('the compiler reads every spec: what a pattern misses would never be checked', () => {
  const specs = ['libs', 'apps', 'test'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.spec\.tsx?$/.test(file) && !file.includes('node_modules'))
      .map((file) => join(folder, file)),
  );
  const read = new Set(
    ['test/tsconfig.json', 'apps/tsconfig.specs.json', 'apps/web/tsconfig.json'].flatMap(included),
  );
  expect(specs.length).toBeGreaterThan(100);
  expect(specs.filter((spec) => !read.has(spec))).toEqual([]);
});
