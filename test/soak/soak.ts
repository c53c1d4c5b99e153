/** A soak: people at work, faults by a plan, and what must hold whatever happens. */
import { setTimeout as wait } from 'node:timers/promises';
import { account } from './account.ts';
import { administration } from './administration.ts';
import { Faults } from './faults.ts';
import { beat } from './heartbeat.ts';
import { install, type Installation } from './installation.ts';
import { type Breach, breachesOf } from './invariants/index.ts';
import { Journal } from './journal.ts';
import { Person } from './person.ts';
import { planOf } from './plan.ts';
import type { Scene } from './scene.ts';
import { answersUnderWay, readStored, type Stored } from './stored.ts';
import { tidying } from './tidying.ts';
import { writing } from './writing.ts';

export interface SoakOptions {
  seed: number;
  seconds: number;
  people: number;
  processes: number;
  browsersEach: number;
}

export interface SoakResult {
  journal: Journal;
  stored: Stored;
  breaches: Breach[];
}

const administrators = 2;
const endWithinMs = 40_000;
const patientForMs = 5_000;
const lookEveryMs = 500;

export async function soak({
  seed,
  seconds,
  people,
  processes,
  browsersEach,
}: SoakOptions): Promise<SoakResult> {
  const journal = new Journal();
  const installation = await install(journal, processes);
  try {
    const scene: Scene = { seed, journal, installation, sessions: new Map(), isOver: false };
    const { users, everybody } = await population(scene, people, browsersEach);
    const azureCalls = collectCalls(scene);
    const begunAt = Date.now();
    const faults = new Faults(installation, journal, {
      people: users,
      loseSockets: (share) => {
        const tabs = everybody.flatMap(({ browsers }) => browsers.flatMap(({ tab }) => tab ?? []));
        for (const tab of tabs.slice(0, Math.ceil(tabs.length * share))) tab.lose();
      },
    });
    const living = [...everybody.map((person) => person.live()), beat(scene, `uma-${people + 1}`)];
    await Promise.all([faults.follow(planOf(seed, seconds), begunAt), wait(seconds * 1000)]);
    scene.isOver = true;
    journal.calmAt = Date.now();
    await untilAllEnded(journal, installation, everybody);
    await Promise.all(living);
    await Promise.all(everybody.map((person) => person.settle()));
    for (const api of installation.processes) api.sample();
    const heads = journal.lives.flatMap(({ lines }) => lines.flatMap(headIn));
    const stored = await readStored(installation.postgres.url, heads, await azureCalls());
    return { journal, stored, breaches: breachesOf(journal, stored) };
  } finally {
    await installation.stop();
  }
}

/** Users, and administrators who each have half of them to look after. */
async function population(scene: Scene, people: number, browsersEach: number) {
  const { azure } = scene.installation;
  await azure.addPeople('uma', people + 1);
  await azure.addPeople('adele', administrators);
  const users = Array.from({ length: people }, (_, index) => `uma-${index + 1}`);
  const everybody = [
    ...users.map((alias) => new Person(scene, alias, browsersEach, { ...writing, ...tidying, ...account })),
    ...Array.from({ length: administrators }, (_, index) => {
      const subjects = users.filter((_user, at) => at % administrators === index);
      return new Person(scene, `adele-${index + 1}`, 1, administration(subjects), [300, 1_500]);
    }),
  ];
  return { users, everybody };
}

/** People stop what takes too long: Azure may have fallen silent in the middle of it. */
async function untilAllEnded(
  journal: Journal,
  { postgres }: Installation,
  everybody: readonly Person[],
): Promise<void> {
  for (const until = Date.now() + endWithinMs; Date.now() < until;) {
    const underWay = await answersUnderWay(postgres.url);
    if (underWay.length === 0) {
      journal.allEndedAt = Date.now();
      return;
    }
    for (const { id, userId } of underWay.filter(({ ageMs }) => ageMs > patientForMs)) {
      const browsers = everybody.flatMap((person) => person.browsers);
      const own = browsers.find((browser) => browser.userId === userId && browser.sessionId);
      await own?.ask('POST', `/api/chat/generations/${id}/stop`);
    }
    await wait(lookEveryMs);
  }
}

/** The emulator keeps the newest calls only. Returns all, when all is over. */
function collectCalls({ installation: { azure } }: Scene) {
  const calls = new Map<number, Awaited<ReturnType<typeof azure.calls>>[number]>();
  const collect = async () => {
    for (const call of await azure.calls('openai')) calls.set(call.id, call);
  };
  const collecting = setInterval(() => void collect().catch(() => undefined), 60_000);
  return async () => {
    clearInterval(collecting);
    await collect();
    return [...calls.values()];
  };
}

function headIn(line: string): string[] {
  if (!line.includes('audit chain head')) return [];
  const { head } = JSON.parse(line) as { head?: string };
  return head ? [head] : [];
}
