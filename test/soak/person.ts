/** Somebody with several browsers: what they have written so far, and what each browser does next. */
import { setTimeout as wait } from 'node:timers/promises';
import { Browser } from './browser.ts';
import { Random } from './random.ts';
import type { Scene } from './scene.ts';
import { signIn } from './signing-in.ts';

const againAfterMs = 700;

export interface Question {
  conversationId: string;
  messageId: string;
  parentId: string | null;
}

export type Habit = (browser: Browser, person: Person) => Promise<unknown>;

export class Person {
  readonly browsers: Browser[];
  /** Those that they have not asked to delete. */
  conversations: string[] = [];
  questions: Question[] = [];

  constructor(
    private readonly scene: Scene,
    readonly alias: string,
    browsers: number,
    private readonly habits: Readonly<Record<string, readonly [weight: number, habit: Habit]>>,
    private readonly thinksMs: readonly [least: number, most: number] = [80, 400],
  ) {
    this.browsers = Array.from(
      { length: browsers },
      (_, index) => new Browser(scene, alias, new Random(scene.seed, `${alias}/${index}`)),
    );
  }

  async live(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => this.use(browser)));
  }

  /** When all is over. */
  async settle(): Promise<void> {
    await Promise.all(this.browsers.map(({ tab }) => tab?.settle()));
  }

  private async use(browser: Browser): Promise<void> {
    const { random } = browser;
    const weights = Object.fromEntries(Object.entries(this.habits).map(([name, [weight]]) => [name, weight]));
    while (!this.scene.isOver) {
      if (!browser.sessionId && !(await signIn(browser))) {
        await wait(againAfterMs);
        continue;
      }
      const [, habit] = this.habits[random.weighted(weights)]!;
      await habit(browser, this);
      await wait(random.between(...this.thinksMs));
    }
  }
}
