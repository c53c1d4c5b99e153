import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, narrow, openPage, photograph, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { administer, sidewaysOverflow } from './steps.ts';

const groups = {
  admin: '9a0b0000-0000-4000-8000-00000000ad01',
  user: '9a0b0000-0000-4000-8000-00000000b503',
  other: '9a0b0000-0000-4000-8000-0000000ea500',
};

describe.skipIf(!hasChromium)('role mapping, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
    await stack.visitor().signIn(stack.azure, 'uma');
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it.each([
    ['1280', wide],
    ['390', narrow],
  ])(
    'at %s pixels: an auditor sees the rules, tries groups and looks somebody up',
    async (width, viewport) => {
      const { page, context, complaints } = await openPage(browser, viewport);
      await administer(page, stack, 'Audrey Lang', '/admin/role-mapping');
      const rules = page.getByRole('table', { name: 'Rules' });
      await rules.getByText(groups.admin).waitFor();
      expect(await rules.getByRole('row').count()).toBe(5);
      await page.getByText('Whoever is in none of these groups is refused').waitFor();

      const field = page.getByRole('textbox', { name: 'Group ids' });
      await field.fill(`${groups.user}\nEntrada Users`);
      await page.getByText('Line 2: “Entrada” is not an object id').waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      await page.getByRole('button', { name: 'See the roles' }).press('Enter');
      const outcome = page
        .getByRole('region', { name: 'Try groups' })
        .getByRole('region', { name: 'What they would get' });
      await field.fill(`${groups.user.toUpperCase()}\n${groups.other}`);
      await page.getByText('2 groups, 1 of them in no rule.').waitFor();
      expect(await outcome.count()).toBe(0);
      await page.getByRole('textbox', { name: 'App roles' }).fill('viewer');
      await page.getByRole('textbox', { name: 'App roles' }).press('Enter');
      await outcome.waitFor();
      expect(await outcome.getByRole('listitem').allInnerTexts()).toEqual([
        `Group ${groups.user} gives User`,
        'App role viewer gives Viewer',
      ]);
      expect(await outcome.innerText()).toContain('read their own conversations, chat');
      await page.getByRole('searchbox', { name: 'Name or e-mail address' }).fill('uma');
      const uma = page.getByRole('region', { name: 'Uma Patel', exact: true });
      expect(await uma.innerText()).toMatch(/User\s+from Entra: a group or an app role/);
      await uma.getByRole('button', { name: 'Why these roles?' }).press('Enter');
      const why = uma.getByRole('region', { name: 'What Uma Patel gets' });
      await why.waitFor();
      expect(await why.getByRole('listitem').allInnerTexts()).toEqual([`Group ${groups.user} gives User`]);
      expect(await uma.innerText()).toMatch(/On .+ Entra named \d+ groups? and 0 app roles of theirs/);
      await photograph(page, `admin-role-mapping-${width}`);
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await sidewaysOverflow(page)).toBe(0);

      await page.getByRole('textbox', { name: 'App roles' }).fill('');
      await field.fill(groups.other);
      expect(await outcome.count()).toBe(0);
      await page.getByRole('button', { name: 'See the roles' }).click();
      await page.getByText('They would be refused').waitFor();

      await uma.getByRole('button', { name: 'Try their groups' }).click();
      await expect.poll(() => field.inputValue()).toContain(groups.user);
      expect(await outcome.count()).toBe(0);
      await page.getByRole('button', { name: 'See the roles' }).click();
      await outcome.getByText(`Group ${groups.user} gives User`).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
});
