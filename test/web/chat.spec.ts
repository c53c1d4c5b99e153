import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { hasChromium, launchChromium, narrow, openPage, photograph, wide } from '../support/chromium.ts';
import { type Stack, startStack } from '../support/stack.ts';
import {
  answer,
  composer,
  openOptions,
  send,
  sidewaysOverflow,
  signInByCode,
  untilFinished,
  untilStreaming,
} from './steps.ts';

const long = 'count to 200';

describe.skipIf(!hasChromium)('chatting, in a browser', () => {
  let stack: Stack;
  let browser: Browser;
  beforeAll(async () => {
    [stack, browser] = await Promise.all([startStack(), launchChromium()]);
  });
  afterAll(async () => {
    await browser.close();
    await stack.stop();
  });

  it.each([
    ['1280', wide],
    ['390', narrow],
  ])(
    'at %s pixels: a message is answered while one looks on, and named after its question',
    async (width, viewport) => {
      const { page, context, complaints } = await openPage(browser, viewport);
      await signInByCode(page, stack, 'Uma Patel');
      await photograph(page, `chat-empty-${width}`);
      await send(page, 'Show me some TypeScript code');
      await untilStreaming(page);
      await photograph(page, `chat-streaming-${width}`);
      await untilFinished(page);
      expect(await answer(page).innerText()).toContain('Uma Patel');
      await page.getByRole('heading', { name: 'Show me some TypeScript code' }).waitFor();
      await photograph(page, `chat-done-${width}`);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it.each([
    ['1280', wide],
    ['390', narrow],
  ])(
    'F12: at %s pixels: that Azure asks to wait is said, with how long, until it answers',
    async (width, viewport) => {
      const { page, context } = await openPage(browser, viewport);
      await signInByCode(page, stack, 'Uma Patel');
      await stack.azure.set({
        faults: { openai: [{ kind: 'too-many-requests', times: 1, retryAfterMs: 4_000 }] },
      });
      await send(page, 'Hello');
      await answer(page)
        .getByText(/Trying again in \d/)
        .waitFor();
      await photograph(page, `chat-waiting-${width}`);
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await sidewaysOverflow(page)).toBe(0);
      await untilFinished(page);
      expect(await answer(page).innerText()).not.toContain('Trying again');
      await context.close();
    },
  );

  it('a reload in the middle of an answer loses nothing', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await send(page, long);
    await untilStreaming(page);
    await page.reload();
    await untilFinished(page);
    const text = await answer(page).innerText();
    const numbers = [...text.matchAll(/\b\d+\b/g)]
      .map(([number]) => Number(number))
      .filter((number) => number <= 200);
    for (let number = 1; number <= 200; number += 1) expect(numbers).toContain(number);
    await context.close();
  });

  it('Stop works at once, tells Azure, and keeps what was written', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await send(page, 'count to 2000');
    await untilStreaming(page);
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('You stopped this answer').first().waitFor();
    expect(await answer(page).innerText()).not.toContain('2000');
    await expect
      .poll(async () => (await stack.azure.calls('openai')).at(-1))
      .toMatchObject({ aborted: true });
    await photograph(page, 'chat-stopped-1280');
    await context.close();
  });

  it('a conversation is renamed and deleted', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Gustav Berg');
    await send(page, 'Hello there');
    await untilFinished(page);
    await openOptions(page, 'Hello there');
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByRole('textbox', { name: 'New title' }).fill('Greetings');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Greetings' }).waitFor();
    await openOptions(page, 'Greetings');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await photograph(page, 'chat-delete-1280');
    await page
      .getByRole('dialog')
      .or(page.getByRole('alertdialog'))
      .getByRole('button', { name: 'Delete' })
      .click();
    await page.getByText('No conversations yet').waitFor();
    await context.close();
  });

  it('a second tab sees the answer being written', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await send(page, 'Hello second tab');
    await untilFinished(page);
    const other = await context.newPage();
    await other.goto(page.url());
    await answer(other).waitFor();
    await send(page, 'count to 500');
    await untilStreaming(other);
    await untilFinished(other);
    expect(await answer(other).innerText()).toContain('500');
    await context.close();
  });

  const failures = [
    ['model_role_missing', 'permission-denied', 'You may not use this Azure OpenAI resource'],
    ['model_deployment_missing', 'not-found', 'This model is not there'],
    ['model_content_filtered', 'filter-prompt', 'The content filter stopped this'],
    ['model_context_too_long', 'context-length', 'too long for this model'],
    ['model_unavailable', 'cut', 'Azure OpenAI is not reachable'],
    ['reauthentication_required', 'insufficient-claims', "Confirm it's you"],
  ] as const;
  it.each(failures)('%s is explained, and the message is kept', async (code, kind, sentence) => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await stack.azure.set({ faults: { openai: [{ kind, times: 5 }] } });
    await send(page, 'Hello, can you hear me?');
    await page.getByText(sentence).first().waitFor({ timeout: 20_000 });
    expect(await page.getByText('Hello, can you hear me?').count()).toBeGreaterThan(0);
    await photograph(page, `chat-error-${code}-1280`);
    if (code === 'model_role_missing') {
      await page.setViewportSize(narrow);
      await photograph(page, `chat-error-${code}-390`);
    }
    await stack.azure.reset();
    await context.close();
  });

  it('API-06: nothing that the model or a person writes runs or loads', async () => {
    const { page, context } = await openPage(browser);
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (
        ![stack.url, stack.azure.url].some((ours) => request.url().startsWith(ours)) &&
        !request.url().startsWith('data:')
      ) {
        foreign.push(request.url());
      }
    });
    await page.exposeFunction('wasExecuted', () => foreign.push('a script ran'));
    await signInByCode(page, stack, 'Uma Patel');
    await send(
      page,
      'show hostile html <img src=x onerror=wasExecuted()> <script>wasExecuted()</script> [x](javascript:wasExecuted()) ![t](https://tracker.invalid/p.png) <svg onload=wasExecuted()>',
    );
    await untilFinished(page);
    await page.waitForTimeout(500);
    expect(foreign).toEqual([]);
    const executable = await page
      .locator('[role=article], article')
      .evaluateAll((articles) =>
        articles.flatMap((article) =>
          [
            ...article.querySelectorAll(
              'script, iframe, object, embed, [onerror], [onload], a[href^="javascript:"], a[href^="data:"]',
            ),
          ].map((element) => element.outerHTML),
        ),
      );
    expect(executable).toEqual([]);
    await context.close();
  });

  it('keyboard: Shift+Enter writes a line, Enter sends; the composer keeps the focus', async () => {
    const { page, context } = await openPage(browser);
    await signInByCode(page, stack, 'Uma Patel');
    await composer(page).click();
    await page.keyboard.type('first line');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('second line');
    expect(await composer(page).inputValue()).toBe('first line\nsecond line');
    await page.keyboard.press('Enter');
    await untilFinished(page);
    expect(await composer(page).evaluate((element) => element === document.activeElement)).toBe(true);
    await context.close();
  });

  it('who may only read is told so instead of being offered a composer', async () => {
    const { page, context } = await openPage(browser);
    await page.goto(stack.url);
    await page.getByRole('link', { name: 'Sign in with Microsoft' }).click();
    await page.getByRole('button', { name: 'Viktor Holm' }).click();
    await page.getByRole('button', { name: 'Account of Viktor Holm' }).waitFor();
    expect(await composer(page).count()).toBe(0);
    await photograph(page, 'chat-viewer-1280');
    await context.close();
  });
});
