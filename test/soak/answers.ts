/** What people do with an answer that is being written: stop it, or read it along. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Message } from '#contracts';
import { readEvents } from '../support/chatter.ts';
import type { Browser } from './browser.ts';

export const patientForMs = 8_000;

export const stop = (browser: Browser, generationId: string) =>
  browser.tab?.isConnected && browser.random.chance(0.5)
    ? browser.tab.ask('generation:stop', { generationId })
    : browser.ask('POST', `/api/chat/generations/${generationId}/stop`);

/** The same answer as server-sent events, once more from its beginning. */
export async function follow(browser: Browser, generationId: string): Promise<void> {
  const { journal } = browser.scene;
  const asked = browser.ask<string>('GET', `/api/chat/generations/${generationId}/events`);
  const isSlow = await Promise.race([asked.then(() => false), wait(patientForMs, true, { ref: false })]);
  if (isSlow) await stop(browser, generationId);
  const answer = await asked;
  if (answer?.status !== 200) return;
  const events = readEvents(answer.body);
  const deltas = events.filter(({ event }) => event === 'generation:delta').map(({ data }) => data);
  const last = events.find(({ event }) => event === 'generation:finished')?.data;
  const message = last?.message as Message | undefined;
  journal.watches.push({
    person: browser.person,
    generationId,
    deltas: deltas.map(({ seq, text }) => [Number(seq), String(text)]),
    resumed: [],
    end:
      message && last
        ? { seq: Number(last.seq), status: message.status as 'done', content: message.content }
        : null,
    wasAwaited: false,
  });
}
