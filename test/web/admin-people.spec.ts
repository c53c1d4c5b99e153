import { Client } from 'pg';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import {
  hasChromium,
  launchChromium,
  narrow,
  type OpenedPage,
  openPage,
  photograph,
  wide,
} from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { administer, send, sidewaysOverflow, signInByCode, untilStreaming } from './steps.ts';

const rows = (page: Page): Locator => page.getByRole('table', { name: 'People' }).getByRole('link');
const names = (page: Page) => rows(page).allInnerTexts();
const openPerson = async (page: Page, name: string): Promise<void> => {
  await rows(page).getByText(name, { exact: true }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
};
const dialog = (page: Page): Locator => page.getByRole('alertdialog');
const panel = (page: Page, name: string): Locator => page.getByRole('region', { name, exact: true });

describe.skipIf(!hasChromium)('administering people, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  let database: Client;
  let opened: OpenedPage[];
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
    database = new Client({ connectionString: stack.database.url });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await browser.close();
    await stack.stop();
  });
  beforeEach(async () => {
    opened = [];
    await stack.azure.reset();
    await database.query('DELETE FROM users');
    for (const person of ['uma', 'viktor', 'audrey']) await stack.visitor().signIn(stack.azure, person);
  });
  afterEach(async () => {
    const complaints = opened.flatMap((page) => page.complaints);
    await Promise.all(opened.map(({ context }) => context.close()));
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });

  const tab = async (viewport = wide): Promise<Page> => {
    const page = await openPage(browser, viewport);
    opened.push(page);
    return page.page;
  };

  it.each([
    ['1280', wide],
    ['390', narrow],
  ])(
    'at %s pixels: somebody is found by name, role and state, and the address keeps it',
    async (width, viewport) => {
      const page = await tab(viewport);
      await administer(page, stack, 'Adele Vance', '/admin/people');
      await expect
        .poll(() => names(page))
        .toEqual(['Adele Vance', 'Audrey Lang', 'Viktor Holm', 'Uma Patel']);
      await photograph(page, `admin-people-${width}`);
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await sidewaysOverflow(page)).toBe(0);

      await page.getByRole('searchbox', { name: 'Search' }).fill('uma');
      await expect.poll(() => names(page)).toEqual(['Uma Patel']);
      expect(page.url()).toBe(`${stack.url}/admin/people?search=uma`);
      await page.reload();
      await expect.poll(() => names(page)).toEqual(['Uma Patel']);
      expect(await page.getByRole('searchbox', { name: 'Search' }).inputValue()).toBe('uma');
      await page.getByRole('combobox', { name: 'Role' }).selectOption('viewer');
      await page.getByText('Nobody matches this search.').waitFor();
      await photograph(page, `admin-people-nobody-${width}`);
      await page.getByRole('button', { name: 'Show everybody' }).click();
      await expect.poll(() => names(page)).toHaveLength(4);
      expect(page.url()).toBe(`${stack.url}/admin/people`);

      await page.getByRole('combobox', { name: 'Role' }).selectOption('viewer');
      await expect.poll(() => names(page)).toEqual(['Viktor Holm']);
      await page.getByRole('combobox', { name: 'State' }).selectOption('false');
      await page.getByText('Nobody matches this search.').waitFor();
    },
  );

  it('is sorted by its columns, and by a choice where there are none', async () => {
    const page = await tab();
    await administer(page, stack, 'Adele Vance', '/admin/people');
    const byName = ['Adele Vance', 'Audrey Lang', 'Uma Patel', 'Viktor Holm'];
    await page.getByRole('button', { name: 'Name' }).press('Enter');
    await expect.poll(() => names(page)).toEqual(byName);
    const column = page.getByRole('columnheader', { name: 'Name' });
    expect(await column.getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('button', { name: 'Name' }).press('Enter');
    await expect.poll(() => names(page)).toEqual(byName.toReversed());
    expect(page.url()).toContain('sort=-displayName');
    await page.setViewportSize(narrow);
    await page.getByRole('combobox', { name: 'Sorted by' }).selectOption('lastSignInAt');
    await expect.poll(() => names(page)).toEqual(['Uma Patel', 'Viktor Holm', 'Audrey Lang', 'Adele Vance']);
  });

  it('shows everybody once, page after page', async () => {
    await database.query(
      `INSERT INTO users (tenant_id, object_id, display_name, email, created_at, updated_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'Person ' || n, 'person' || n || '@contoso.com', now() - n * interval '1 h', now()
       FROM generate_series(1, 120) AS n`,
    );
    const page = await tab();
    await administer(page, stack, 'Adele Vance', '/admin/people?sort=-createdAt');
    for (let pages = 0; pages < 3; pages += 1) {
      const scrolled = async () => {
        await page.mouse.wheel(0, 20_000);
        return rows(page).count();
      };
      await expect.poll(scrolled).toBeGreaterThan(Math.min(50 + 50 * pages, 123));
    }
    const seen = await names(page);
    expect(seen).toHaveLength(124);
    expect(new Set(seen).size).toBe(124);
  });

  it('a profile is edited by keyboard, shown as edited here, and given back', async () => {
    const page = await tab();
    await administer(page, stack, 'Adele Vance', '/admin/people');
    await openPerson(page, 'Uma Patel');
    await page.getByRole('button', { name: 'Edit', exact: true }).press('Enter');
    const name = page.getByRole('textbox', { name: 'Name' });
    expect(await name.evaluate((field) => field === document.activeElement)).toBe(true);
    await name.fill('');
    await page.getByText('A name is needed.').waitFor();
    await name.fill('Uma P.');
    await page.getByRole('textbox', { name: 'Department' }).fill('Sales');
    await photograph(page, 'admin-person-edit-1280');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('The profile is changed.').waitFor();
    await page.getByRole('heading', { level: 1, name: 'Uma P.' }).waitFor();
    await expect.poll(() => panel(page, 'Profile').getByText('Edited here', { exact: true }).count()).toBe(2);
    await panel(page, 'Profile').getByRole('button', { name: 'Give back to Entra: Department' }).click();
    await page.getByText('Department is given back').waitFor();
    await expect.poll(() => panel(page, 'Profile').getByText('Edited here', { exact: true }).count()).toBe(1);
    await page.getByRole('link', { name: 'People', exact: true }).first().click();
    await expect.poll(() => names(page)).toContain('Uma P.');
  });

  it('SES-06: who is disabled is told in the open tab, their answer stops, and they stay out until enabled', async () => {
    await stack.azure.set({ openai: { deltaMs: 100, firstDeltaMs: 10 } });
    const [page, theirs] = [await tab(), await tab()];
    await signInByCode(theirs, stack, 'Gustav Berg');
    await send(theirs, 'count to 2000');
    await untilStreaming(theirs);
    await administer(page, stack, 'Adele Vance', '/admin/people?search=gustav');
    await openPerson(page, 'Gustav Berg');
    await page.getByRole('button', { name: 'Disable' }).click();
    await dialog(page).getByText('1 session ends; open tabs are told and closed.').waitFor();
    await photograph(page, 'admin-person-disable-1280');
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog(page).getByRole('button', { name: 'Disable' }).click();
    await theirs.getByText('This account is disabled').first().waitFor();
    await photograph(theirs, 'disabled-while-chatting-1280');
    await expect.poll(async () => (await stack.azure.calls('openai')).at(-1)?.aborted).toBe(true);
    await page.getByText('Gustav Berg is disabled.').waitFor();
    await panel(page, 'Sessions').getByText('They are not signed in anywhere.').waitFor();
    await panel(page, 'Access to Azure').getByText('Not connected').waitFor();

    await theirs.goto(`${stack.url}/api/auth/login`);
    await theirs.getByRole('button', { name: 'Gustav Berg' }).click();
    await theirs.waitForURL(/\/login\?error=account_disabled/);
    await page.getByRole('button', { name: 'Enable' }).click();
    await page.getByText('Gustav Berg may sign in again.').waitFor();
    await signInByCode(theirs, stack, 'Gustav Berg');
  });

  it('AUZ-10: an administrator is made after confirming who one is, and unmade', async () => {
    const page = await tab();
    const anHourAgo = Math.floor(Date.now() / 1000) - 3600;
    await stack.azure.set({ idTokens: [{ times: 1, set: { auth_time: anHourAgo } }] });
    await administer(page, stack, 'Adele Vance', '/admin/people?search=uma');
    await openPerson(page, 'Uma Patel');
    const administrator = page.getByRole('switch', { name: 'Administrator, granted here' });
    await administrator.click();
    await dialog(page).getByText('Make Uma Patel an administrator?').waitFor();
    await dialog(page).getByRole('button', { name: 'Make administrator' }).click();
    await dialog(page).getByText("Confirm it's you").waitFor();
    await expect.poll(() => dialog(page).count()).toBe(1);
    await dialog(page).getByRole('button', { name: 'Sign in once more' }).click();
    await page.getByRole('button', { name: 'Adele Vance' }).click();
    await page.getByRole('heading', { level: 1, name: 'Uma Patel' }).waitFor();
    expect(await administrator.getAttribute('aria-checked')).toBe('false');
    await administrator.click();
    await dialog(page).getByRole('button', { name: 'Make administrator' }).click();
    await page.getByText('Uma Patel is an administrator.').waitFor();
    await expect.poll(() => administrator.getAttribute('aria-checked')).toBe('true');
    const roles = page.getByRole('list', { name: 'Roles' });
    await expect.poll(() => roles.innerText()).toMatch(/Administrator\s+granted here by an administrator/);
    await photograph(page, 'admin-person-1280');
    await administrator.press('Space');
    await dialog(page).getByRole('button', { name: 'Withdraw' }).click();
    await page.getByText('Uma Patel is no longer an administrator.').waitFor();
    await expect.poll(() => roles.innerText()).not.toContain('Administrator');
  });

  it('the last administrator is kept, and told why', async () => {
    const page = await tab();
    await administer(page, stack, 'Adele Vance', '/admin/people?search=adele');
    await openPerson(page, 'Adele Vance');
    await page.getByText('that is withdrawn in Entra').waitFor();
    await page.getByRole('button', { name: 'Disable' }).click();
    await dialog(page).getByText('This is you: you are signed out at once').waitFor();
    await dialog(page).getByRole('button', { name: 'Disable' }).click();
    await dialog(page).getByText('This is the last administrator').waitFor();
    await photograph(page, 'admin-person-last-1280');
    await dialog(page).getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Disable' }).waitFor();
  });

  it('at 390 pixels: somebody is deleted after their address was typed', async () => {
    const page = await tab(narrow);
    await administer(page, stack, 'Adele Vance', '/admin/people?search=viktor');
    await openPerson(page, 'Viktor Holm');
    await photograph(page, 'admin-person-390');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Delete' }).click();
    const confirmation = dialog(page).getByRole('textbox');
    await confirmation.fill('viktor');
    await page.keyboard.press('Enter');
    expect(
      await dialog(page).getByRole('button', { name: 'Delete for good' }).getAttribute('aria-disabled'),
    ).toBe('true');
    await photograph(page, 'admin-person-delete-390');
    expect(await accessibilityFaults(page)).toEqual([]);
    await confirmation.fill('viktor.holm@contoso.com');
    await page.keyboard.press('Enter');
    await page.getByText('Viktor Holm is deleted.').waitFor();
    await page.waitForURL(`${stack.url}/admin/people`);
    await expect.poll(() => names(page)).toEqual(['Adele Vance', 'Audrey Lang', 'Uma Patel']);
  });

  it('AUZ-01: an auditor sees everything and is offered nothing to change', async () => {
    const page = await tab();
    await administer(page, stack, 'Audrey Lang', '/admin/people?search=uma');
    await openPerson(page, 'Uma Patel');
    await panel(page, 'Roles').getByText('from Entra').waitFor();
    for (const name of ['Sessions', 'Account']) expect(await panel(page, name).count()).toBe(0);
    const main = page.getByRole('main');
    expect(await main.getByRole('switch').count()).toBe(0);
    const buttons = await main.getByRole('button').allInnerTexts();
    expect(buttons.join(' ')).not.toMatch(/edit|give|wipe|end|disable|delete/i);
    await photograph(page, 'admin-person-auditor-1280');
  });

  it('says in words what is not there, and what did not work', async () => {
    const page = await tab();
    await administer(page, stack, 'Adele Vance', '/admin/person?id=00000000-0000-4000-8000-00000000dead');
    await page.getByText('There is no such person (any more)').waitFor();
    await page.goto(`${stack.url}/admin/person`);
    await page.getByText('There is no such person (any more)').waitFor();
    await photograph(page, 'admin-person-nobody-1280');
    await page.route('**/api/admin/users?*', (route) => route.abort());
    await page.goto(`${stack.url}/admin/people?search=uma`);
    await page.getByText('The server cannot be reached').waitFor({ timeout: 15_000 });
    await photograph(page, 'admin-people-offline-1280');
    await page.unroute('**/api/admin/users?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(() => names(page)).toEqual(['Uma Patel']);
    // What the browser itself says of the aborted requests.
    opened[0]!.complaints.length = 0;
  });

  it('who was deleted meanwhile by somebody else is not deleted twice', async () => {
    const page = await tab();
    await administer(page, stack, 'Adele Vance', '/admin/people?search=uma');
    await openPerson(page, 'Uma Patel');
    await page.getByRole('button', { name: 'Delete' }).click();
    await database.query(`DELETE FROM users WHERE display_name = 'Uma Patel'`);
    await dialog(page).getByRole('textbox').fill('uma.patel@contoso.com');
    await page.keyboard.press('Enter');
    await page.getByText('Uma Patel was already deleted.').waitFor();
    await expect.poll(() => names(page)).not.toContain('Uma Patel');
  });
});
