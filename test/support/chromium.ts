/** A real Chromium, where the machine has one. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));

export const hasChromium = executablePath !== undefined;
if (!hasChromium) {
  if (process.env.CI) throw new Error('Browser tests are never skipped in CI: install Chromium.');
  console.warn('\n  SKIPPED: the browser tests. No Chromium was found; install it or set CHROMIUM_PATH.\n');
}

const quiet = [
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

export const wide = { width: 1280, height: 800 };

// Root cannot use Chromium's sandbox; the pages are our own.
const flags = process.getuid?.() === 0 ? ['--no-sandbox', ...quiet] : quiet;

export const launchChromium = (): Promise<Browser> => chromium.launch({ executablePath, args: flags });

/** With its own profile, which whoever connects to it from outside shares. */
export const launchProfile = (folder: string, more: string[]): Promise<BrowserContext> =>
  chromium.launchPersistentContext(folder, { executablePath, args: [...flags, ...more], viewport: wide });

export const narrow = { width: 390, height: 844 };

export interface OpenedPage {
  page: Page;
  context: BrowserContext;
  /** Errors of the console and of scripts, policy violations among them. */
  complaints: string[];
}

export async function openPage(browser: Browser, viewport = wide): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A 401 that asks who is signed in is an answer, not a fault.
    if (message.type() === 'error' && !/status of (401|4\d\d)/.test(message.text()))
      complaints.push(message.text());
  });
  return { page, context, complaints };
}

/** For people to look at: test-results/screens/NAME.png. */
export async function photograph(page: Page, name: string, { whole = false } = {}): Promise<void> {
  await mkdir('test-results/screens', { recursive: true });
  await page.screenshot({ path: `test-results/screens/${name}.png`, fullPage: whole });
}
