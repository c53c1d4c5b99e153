import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 20;
const looks = 50;

/**
 * Counted in looks and not by the clock, which also runs while the machine does something else: what holds up the product
 * holds up looking as well.
 */
export async function withinASecond(check: () => void | Promise<void>): Promise<void> {
  for (let left = looks; left > 1; left -= 1) {
    try {
      return await check();
    } catch {
      await delay(everyMs);
    }
  }
  await check();
}
