/** What a person does on the pages, by the names that a screen reader would say. */
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import type { Stack } from '../support/stack.ts';

export async function signInByCode(
  page: Page,
  stack: Pick<Stack, 'url'>,
  person: string,
  path = '/',
): Promise<void> {
  await page.goto(stack.url + path);
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
  await page.getByRole('button', { name: person }).click();
  await composer(page).waitFor();
}

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: 'Message', exact: true });

export async function send(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

/** The newest answer on the page. */
export const answer = (page: Page): Locator => page.getByRole('article', { name: 'Answer' }).last();

/** An answer is finished when it can be asked for again. */
export const untilFinished = (page: Page): Promise<void> =>
  page.getByRole('button', { name: 'Regenerate' }).last().waitFor({ timeout: 30_000 });

export const untilStreaming = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await expect.poll(() => answer(page).innerText(), { timeout: 10_000 }).toContain('Azure emulator');
};

export const openOptions = (page: Page, title: string): Promise<void> =>
  page.getByRole('button', { name: `Options for ${title}` }).click();

/** Signs in and opens a page of the administration; done when its heading is there. */
export async function administer(page: Page, stack: Stack, person: string, path: string): Promise<void> {
  await page.goto(stack.url + path);
  await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
  await page.getByRole('button', { name: person }).click();
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
}

/** Presses a button that copies, and returns what it has copied. */
export async function copyBy(button: Locator): Promise<string> {
  const page = button.page();
  const copied = page.getByText('Copied', { exact: true }).first().waitFor({ state: 'attached' });
  await Promise.all([copied, button.click()]);
  return page.evaluate(() => navigator.clipboard.readText());
}

/** A dialog gives the focus back a moment after it is gone. */
export const untilFocused = (element: Locator): Promise<void> =>
  expect.poll(() => element.evaluate((it) => it === document.activeElement)).toBe(true);

/** How far the page can be scrolled sideways: not at all, in a page that fits. */
export const sidewaysOverflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Written and not sent. */
export const writeDraft = (page: Page, text: string): Promise<void> => composer(page).fill(text);

export async function signOut(page: Page, person: string): Promise<void> {
  await page.getByRole('button', { name: `Account of ${person}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
}

/** Microsoft's page, for somebody who is sent there from ours. */
export const pickPerson = (page: Page, person: string): Promise<void> =>
  page.getByRole('button', { name: person }).click();

/** Until the conversation on the page has so many finished answers. */
export const untilAnswers = (page: Page, count: number): Promise<void> =>
  expect
    .poll(() => page.getByRole('button', { name: 'Regenerate' }).count(), { timeout: 30_000 })
    .toBe(count);

/** Leaves by this button for Microsoft, proves there whatever is asked, if anything is, and is back in the chat. */
export async function confirmThrough(page: Page, leave: Locator, person: string): Promise<void> {
  const number = page.getByLabel('Number shown');
  const tile = page.getByRole('button', { name: person }).first();
  const follow = (act: Promise<void>) => Promise.all([page.waitForEvent('framenavigated'), act]);
  await follow(leave.click());
  for (;;) {
    await composer(page).or(number).or(tile).first().waitFor();
    if (await composer(page).isVisible()) return;
    if (await number.isVisible()) {
      await number.fill(await page.locator('#shown').innerText());
      await follow(page.getByRole('button', { name: 'Approve' }).click());
    } else if (!page.url().includes('?c=')) await follow(tile.click());
  }
}
