/** What axe-core finds on a page, in both themes; https://github.com/dequelabs/axe-core. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * One line for each element with a fault: rule, theme, element. Empty is right. An open menu floats above the page and
 * belongs to no part of it: axe knows that of dialogs only.
 */
export async function accessibilityFaults(page: Page, { menuOpen = false } = {}): Promise<string[]> {
  const options = { rules: { region: { enabled: !menuOpen } } };
  const faults: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.locator(`html.${theme}`).waitFor();
    // By the debugger, so that the page's own policy is in force and still does not stop it.
    await page.evaluate(await source);
    const { violations } = (await page.evaluate(`axe.run(${JSON.stringify(options)})`)) as AxeResults;
    faults.push(
      ...violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, any }) => `${id} (${theme}): ${String(target)} ${any[0]?.message ?? ''}`),
      ),
    );
  }
  return faults;
}
