/**
 * What a page weighs and how it scores: script as it travels, and Lighthouse in the local Chromium, for the sign-in page
 * and for the chat of somebody who is signed in.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { freePort } from '../support/free-port.ts';
import { launchProfile } from '../support/chromium.ts';
import { weighScripts } from '../support/script-weight.ts';
import { composer, signInByCode } from '../web/steps.ts';
import { median, report } from './bench.ts';
import { startMeasuredApi } from './support/measured-api.ts';
import { importFromPeers, installPeers } from './support/peers.ts';

interface Verdict {
  lhr: {
    categories: Record<'performance' | 'accessibility', { score: number | null }>;
    audits: Record<string, { score: number | null }>;
  };
}
type Lighthouse = (url: string, flags: object, config?: object) => Promise<Verdict>;

const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

installPeers();
const { default: lighthouse, desktopConfig } = await importFromPeers<{
  default: Lighthouse;
  desktopConfig: object;
}>('lighthouse');

const api = await startMeasuredApi();
const folder = await mkdtemp(join(tmpdir(), 'entrada-pages-'));
const port = await freePort();
const context = await launchProfile(folder, [`--remote-debugging-port=${port}`]);

interface Seen {
  performance: number;
  accessibility: number;
  /** What the verdict finds fault with. */
  faults: string[];
}

/** As people have it in front of them at work: a computer. The session's cookies stay, the cache does not. */
async function look(path: string): Promise<Seen> {
  await forgetCache();
  const { lhr } = await lighthouse(
    api.url + path,
    {
      port,
      onlyCategories: ['performance', 'accessibility'],
      disableStorageReset: true,
      // Chromium as it is: the session belongs to it.
      emulatedUserAgent: false,
      logLevel: 'silent',
    },
    desktopConfig,
  );
  const score = (name: 'performance' | 'accessibility') => (lhr.categories[name].score ?? Number.NaN) * 100;
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    faults: Object.entries(lhr.audits)
      .filter(([, { score: part }]) => part !== null && part < 0.9)
      .map(([name, { score: part }]) => `${name} ${part}`),
  };
}

async function lookOften(path: string): Promise<Seen> {
  const seen: Seen[] = [];
  for (let round = 0; round < rounds; round += 1) seen.push(await look(path));
  const faults = seen.flatMap((one) => one.faults);
  process.stderr.write(`${path}: ${[...new Set(faults)].join(', ') || 'no faults'}\n`);
  return {
    performance: median(seen.map(({ performance }) => performance)),
    accessibility: Math.min(...seen.map(({ accessibility }) => accessibility)),
    faults,
  };
}

/** As somebody who comes for the first time. */
async function forgetCache(): Promise<void> {
  const [page = await context.newPage()] = context.pages();
  const browser = await context.newCDPSession(page);
  await browser.send('Network.clearBrowserCache');
  await browser.detach();
}

async function weigh(path: string, isReady: (page: Page) => Promise<unknown>): Promise<number> {
  const page = await context.newPage();
  const weight = await weighScripts(page);
  await page.goto(api.url + path, { waitUntil: 'networkidle' });
  await isReady(page);
  const scriptKb = weight();
  await page.close();
  return scriptKb;
}

const loginKb = await weigh('/login', (page) =>
  page.getByRole('link', { name: 'Sign in with Microsoft' }).waitFor(),
);
const login = await lookOften('/login');
const page = await context.newPage();
await signInByCode(page, api, 'Uma Patel');
await composer(page).waitFor();
await page.close();
const chatKb = await weigh('/', (visit) => composer(visit).waitFor());
const chat = await lookOften('/');

await context.close();
await rm(folder, { recursive: true, force: true });
await api.stop();

const row = (name: string, scriptKb: number, { performance, accessibility }: Seen) => [
  name,
  scriptKb,
  Math.round(performance),
  Math.round(accessibility),
];
report({
  title: 'Pages',
  columns: ['', 'Script over the wire, kB', 'Lighthouse performance', 'Lighthouse accessibility'],
  rows: [row('Sign-in', loginKb, login), row('Chat, signed in', chatKb, chat)],
  aims: [
    { what: 'script of the sign-in page, kB', value: loginKb, atMost: 200 },
    { what: 'script of the chat, kB', value: chatKb, atMost: 350 },
    { what: 'performance of the sign-in page', value: login.performance, atLeast: 95 },
    { what: 'performance of the chat', value: chat.performance, atLeast: 95 },
    { what: 'accessibility of the sign-in page', value: login.accessibility, atLeast: 100 },
    { what: 'accessibility of the chat', value: chat.accessibility, atLeast: 100 },
  ],
});
