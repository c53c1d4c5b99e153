import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', 'dist/**', 'apps/web/.next/**', 'apps/web/out/**'];
/** `#contracts` and the others from their sources. */
const fromSource = {
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
};
/** What is waited for comes at once, unless the machine is busy; what hangs is given up. */
const patience = { hookTimeout: 180_000, testTimeout: 180_000, expect: { poll: { timeout: 10_000 } } };
const project = (name: string, include: string[], exclude: string[] = [], test = {}) => ({
  ...fromSource,
  test: { name, include, exclude: [...ignored, ...exclude], ...patience, ...test },
});

export default defineConfig({
  test: {
    // Most of the time a test waits for another process: three files at once keep two cores busy.
    maxWorkers: 3,
    projects: [
      project(
        'unit',
        [
          'libs/**/*.spec.ts',
          'apps/**/*.spec.ts',
          'test/architecture/**/*.spec.ts',
          'test/{soak,rehearsal}/**/*.spec.ts',
        ],
        ['**/*.db.spec.ts', '**/*.e2e.spec.ts'],
        { isolate: false },
      ),
      // Without isolation, the frameworks are read once for all files and not once for each.
      project('db', ['libs/**/*.db.spec.ts', 'apps/**/*.db.spec.ts'], [], {
        isolate: false,
      }),
      project('e2e', ['test/e2e/**/*.spec.ts', 'apps/**/*.e2e.spec.ts']),
      // After the others and fewer at once: these measure seconds, or drive browsers that need a core each.
      project('faults', ['test/faults/**/*.spec.ts'], [], {
        maxWorkers: 2,
        sequence: { groupOrder: 1 },
      }),
      project('web', ['test/web/**/*.spec.ts'], [], {
        maxWorkers: 2,
        sequence: { groupOrder: 2 },
      }),
    ],
  },
});
