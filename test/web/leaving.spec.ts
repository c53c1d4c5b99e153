import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium, openPage, photograph } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { answer, composer, send, signInByCode, signOut, untilFinished, writeDraft } from './steps.ts';

/** What a person could still find: on the page, in its address, in storage. */
const traces = (page: Page): Promise<string> =>
  page.evaluate(() =>
    JSON.stringify([
      document.documentElement.outerHTML,
      location.href,
      { ...localStorage },
      { ...sessionStorage },
    ]),
  );

describe.skipIf(!hasChromium)('leaving, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it('SES-24: out of reach of the server, signing out still empties page and storage, and says what is left', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await send(page, 'A question about the merger');
    await untilFinished(page);
    await writeDraft(page, 'And another about the merger');
    expect((await traces(page)).includes('merger')).toBe(true);
    const { searchParams } = new URL(page.url());
    await context.setOffline(true);
    await signOut(page, 'Uma Patel');
    await page.getByText('Signed out in this tab only').waitFor();
    await photograph(page, 'signed-out-offline-1280');
    const left = await traces(page);
    const personal = ['merger', 'Uma', searchParams.get('c') ?? 'no conversation'];
    expect(personal.filter((word) => left.includes(word))).toEqual([]);
    expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);

    await context.setOffline(false);
    await page.getByRole('button', { name: 'Go to the sign-in page' }).click();
    await page.getByRole('heading', { name: 'Sign in to Entrada' }).waitFor();
    await context.close();
  });

  it('signed out at Entra: an open tab is told so, and comes back to its conversation and its draft', async () => {
    const { page, context, complaints } = await openPage(browser);
    await stack.azure.set({ registration: { logoutUrl: `${stack.url}/api/auth/front-channel-logout` } });
    await signInByCode(page, stack, 'Gustav Berg');
    await send(page, 'Remember this conversation');
    await untilFinished(page);
    await writeDraft(page, 'half a thought');
    const place = page.url();

    const [, tenant] = new URL(await stack.visitor().beginSignIn()).pathname.split('/');
    const elsewhere = await context.newPage();
    await elsewhere.goto(`${stack.azure.url}/${tenant}/oauth2/v2.0/logout`);
    const dialog = page.getByRole('alertdialog');
    await dialog.waitFor();
    await photograph(page, 'session-ended-at-entra-1280');
    await dialog.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
    await page.getByRole('button', { name: 'Gustav Berg' }).click();
    await page.waitForURL(place);
    await answer(page).waitFor();
    expect(await composer(page).inputValue()).toBe('half a thought');
    expect(complaints).toEqual([]);
    await stack.azure.reset();
    await context.close();
  });

  it('a message that came too late is kept, and sent after signing in again', async () => {
    const { page, context } = await openPage(browser);
    // Without a live connection nobody tells the page that its session is over.
    await page.routeWebSocket(/socket\.io/, (socket) => socket.close());
    await page.route('**/socket.io?**', (route) => route.abort());
    await signInByCode(page, stack, 'Uma Patel');
    await send(page, 'Where were we?');
    await untilFinished(page);
    const place = page.url();
    await context.clearCookies();
    await send(page, 'Too late for this session');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
    await page.getByRole('button', { name: 'Uma Patel' }).click();
    await page.waitForURL(place);
    await page.getByText('This message is not sent yet').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('This message is not sent yet').waitFor({ state: 'detached' });
    await untilFinished(page);
    expect(await page.getByText('Too late for this session').count()).toBeGreaterThan(0);
    await context.close();
  });
});
