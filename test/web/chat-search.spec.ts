import type { Browser, Locator, Page } from 'playwright-core';
import { escapeLiteral } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, narrow, openPage, photograph, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { inDatabase } from './history.ts';
import { sidewaysOverflow, signInByCode, untilFocused } from './steps.ts';

const hostile = 'Saffron <img src=x onerror="document.title=`owned`"> & <b>bold</b> in the kitchen';

/** A conversation from before, of somebody who has signed in. */
const remember = (stack: Stack, person: string, title: string, message: string): Promise<void> =>
  inDatabase(
    stack,
    `WITH remembered AS (
       INSERT INTO conversations (id, user_id, title, model, created_at, updated_at)
       SELECT gen_random_uuid(), id, ${escapeLiteral(title)}, 'gpt-4o', now(), now()
       FROM users WHERE display_name = ${escapeLiteral(person)} RETURNING id
     )
     INSERT INTO messages (id, conversation_id, role, content, status, created_at)
     SELECT gen_random_uuid(), id, 'user', ${escapeLiteral(message)}, 'done', now() FROM remembered`,
  );

describe.skipIf(!hasChromium)('searching one’s own conversations, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  const field = (page: Page): Locator =>
    page.getByRole('searchbox', { name: 'Search conversations' }).filter({ visible: true });
  const found = (page: Page): Locator =>
    page.getByRole('list', { name: 'Conversations found' }).getByRole('link');

  it('finds a message by the beginnings of its words, by keyboard alone, and shows its text as text', async () => {
    const { page, context, complaints } = await openPage(browser, wide);
    await signInByCode(page, stack, 'Uma Patel');
    await remember(stack, 'Uma Patel', 'Recipes', hostile);
    await remember(stack, 'Uma Patel', 'Kitchen weather', 'Will it rain?');
    await page.reload();
    await page.getByRole('link', { name: 'Kitchen weather' }).waitFor();

    await page.keyboard.press('Control+k');
    await untilFocused(field(page));
    await page.keyboard.type('KITCH onerr');
    // It may have searched for a part of it, too.
    await expect
      .poll(() => found(page).locator('mark').allInnerTexts())
      .toEqual(expect.arrayContaining(['onerr', 'kitch']));
    expect(await found(page).count()).toBe(1);
    expect(await found(page).innerText()).toContain('<img src=x onerror=');
    expect(await found(page).locator('img, b').count()).toBe(0);
    expect(await page.title()).not.toContain('owned');
    await photograph(page, 'chat-search-1280');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await photograph(page, 'chat-search-dark-1280');

    await found(page).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Recipes' }).waitFor();
    await page.getByRole('article').getByText('in the kitchen').waitFor();

    await field(page).fill('cardamom');
    await page.getByText('Nothing found for “cardamom”.').waitFor();
    await photograph(page, 'chat-search-nothing-1280');
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: 'Kitchen weather' }).waitFor();
    expect(await field(page).inputValue()).toBe('');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('at 390 pixels: in the drawer, which Escape closes only when the field is empty; without a connection it says so', async () => {
    const { page, context } = await openPage(browser, narrow);
    await signInByCode(page, stack, 'Gustav Berg');
    await remember(stack, 'Gustav Berg', 'Rice', '## Rice\n\nHow long does **saffron rice** take?');
    await page.keyboard.press('Control+k');
    await untilFocused(field(page));
    await page.keyboard.type('rice');
    await found(page).first().waitFor();
    await photograph(page, 'chat-search-390');
    expect(await sidewaysOverflow(page)).toBe(0);

    await context.setOffline(true);
    await field(page).fill('saffron');
    await page.getByText('The server cannot be reached').filter({ visible: true }).first().waitFor();
    await photograph(page, 'chat-search-offline-390');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Try again' }).click();
    await found(page).first().waitFor();

    await field(page).press('Escape');
    await found(page).first().waitFor({ state: 'detached' });
    expect(await field(page).inputValue()).toBe('');
    await page.keyboard.press('Escape');
    await field(page).waitFor({ state: 'detached' });
    await context.close();
  });
});
