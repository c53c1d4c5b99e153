import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, launchChromium, openPage, photograph } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import {
  answer,
  composer,
  confirmThrough,
  send,
  signInByCode,
  untilAnswers,
  untilFinished,
  writeDraft,
} from './steps.ts';

const confirm = (page: Page) => page.getByRole('button', { name: 'Confirm and send again' });
const kept = (page: Page): Promise<string> => page.evaluate(() => JSON.stringify({ ...sessionStorage }));

describe.skipIf(!hasChromium)('the person’s own access to Azure, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterEach(() => stack.azure.reset());
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it('a token that expires in the middle of a chat is renewed, and nobody notices', async () => {
    await stack.azure.set({ tokens: { accessSeconds: 6 } });
    const { page, context, complaints } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await send(page, 'Hello before');
    await untilFinished(page);
    const [first] = (await stack.azure.calls('openai', { person: 'uma' })).slice(-1);
    await expect
      .poll(() => Date.now() - Date.parse(first?.at ?? ''), { timeout: 15_000 })
      .toBeGreaterThan(6100);
    await send(page, 'Hello after');
    await untilAnswers(page, 2);
    const [second] = (await stack.azure.calls('openai', { person: 'uma' })).slice(-1);
    expect(second).toMatchObject({ status: 200 });
    expect(second?.tokenId).not.toBe(first?.tokenId);
    expect(await page.getByText("Confirm it's you").count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('section 3, claims challenge: one confirmation, and the message is answered in the same conversation', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await stack.azure.set({ conditionalAccess: [{ person: 'uma', at: 'openai', context: 'c1' }] });
    await send(page, 'Is this protected?');
    await confirm(page).waitFor({ timeout: 20_000 });
    await photograph(page, 'chat-confirm-1280');
    await writeDraft(page, 'the next thought');
    const place = page.url();
    await confirmThrough(page, confirm(page), 'Uma Patel');
    expect(page.url()).toBe(place);
    await untilFinished(page);
    expect(await answer(page).innerText()).toContain('Uma Patel');
    expect(await composer(page).inputValue()).toBe('the next thought');
    await expect.poll(() => kept(page)).not.toMatch(/confirm/);
    await context.close();
  });

  it('no loop: after two confirmations in a row it explains, and stops', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await stack.azure.set({ faults: { openai: [{ kind: 'insufficient-claims', times: null }] } });
    await send(page, 'Never to be answered');
    await confirmThrough(page, confirm(page), 'Uma Patel');
    await confirmThrough(page, confirm(page), 'Uma Patel');
    await page.getByText('Azure still does not accept your sign-in').waitFor({ timeout: 20_000 });
    await photograph(page, 'chat-confirm-in-vain-1280');
    expect(await confirm(page).count()).toBe(0);

    await stack.azure.reset();
    // Once the rule is mended, one more sign-in is what helps.
    await confirmThrough(page, page.getByRole('button', { name: 'Sign in once more' }), 'Uma Patel');
    await untilFinished(page);
    await expect.poll(() => kept(page)).not.toMatch(/confirm/);
    await context.close();
  });

  it('F8: a grant that Entra revoked is told on all pages, and one sign-in mends it', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Gustav Berg');
    await send(page, 'Hello while it lasts');
    await untilFinished(page);
    await writeDraft(page, 'half a question');
    const place = page.url();
    const account = await context.newPage();
    await account.goto(`${stack.url}/account`);
    await stack.azure.revokeGrants('gustav');
    await account.getByRole('button', { name: 'Refresh now' }).click();
    await account.getByRole('button', { name: 'Confirm it’s you' }).first().waitFor();
    await photograph(account, 'account-needs-confirmation-1280');

    await page.getByText('before your next message').waitFor();
    await photograph(page, 'chat-confirm-before-1280');
    await confirmThrough(page, page.getByRole('button', { name: 'Confirm it’s you' }), 'Gustav Berg');
    expect(page.url()).toBe(place);
    await answer(page).waitFor();
    expect(await composer(page).inputValue()).toBe('half a question');
    expect(await page.getByText('before your next message').count()).toBe(0);
    await composer(page).press('Enter');
    await untilAnswers(page, 2);
    await context.close();
  });
});
