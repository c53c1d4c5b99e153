/** Somebody whom no administrator touches, and a small write again and again: what tells how soon all is well again. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Conversation } from '#contracts';
import { Browser } from './browser.ts';
import { Random } from './random.ts';
import type { Scene } from './scene.ts';
import { signIn } from './signing-in.ts';

const everyMs = 250;

export async function beat(scene: Scene, person: string): Promise<void> {
  const browser = new Browser(scene, person, new Random(scene.seed, 'heartbeat'));
  let path: string | null = null;
  while (!scene.isOver) {
    await wait(everyMs);
    if (!browser.sessionId && !(await signIn(browser))) continue;
    if (!path) {
      const made = await browser.ask<Conversation>('POST', '/api/chat/conversations', {});
      path = made?.status === 201 ? `/api/chat/conversations/${made.body.id}` : null;
      continue;
    }
    const begunAt = Date.now();
    const answer = await browser.ask('PATCH', path, { title: `beat ${begunAt}` });
    scene.journal.heartbeats.push({ begunAt, at: Date.now(), isWell: answer?.status === 200 });
  }
  browser.tab?.close();
}
