/** Two thousand people who have the page open and say nothing: what each costs in memory, beside bare Socket.IO. */
import { setTimeout as wait } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import { freePort } from '../support/free-port.ts';
import { report } from './bench.ts';
import { collectGarbage } from './support/collect-garbage.ts';
import { crowdOf } from './support/crowd.ts';
import { startMeasuredApi } from './support/measured-api.ts';
import { type MeasuredProcess, startMeasured } from './support/measured-process.ts';
import { installPeers, peer } from './support/peers.ts';
import { openTabs } from './support/tabs.ts';

/** These come first and do not count: code is compiled and the heap grows to the size of its work. */
const before = 500;
const sockets = Number(process.env.BENCH_SOCKETS ?? 2_000);
const settleMs = 2_000;
const inspectorPort = await freePort();
const inspected = `--inspect=127.0.0.1:${inspectorPort}`;

/** Only what is held: what nobody needs any more is let go of first. As long as the memory still falls, it is being tidied up. */
async function settled(server: MeasuredProcess): Promise<number> {
  let memory = Infinity;
  for (;;) {
    await collectGarbage(inspectorPort);
    await wait(settleMs);
    const now = server.memory();
    if (now >= memory * 0.99) return now;
    memory = now;
  }
}

async function perSocket(
  server: MeasuredProcess,
  open: (from: number, to: number) => Promise<Socket[]>,
): Promise<{ before: number; each: number }> {
  const tabs = await open(0, before);
  const start = await settled(server);
  tabs.push(...(await open(before, before + sockets)));
  const end = await settled(server);
  if (tabs.some(({ connected }) => !connected)) throw new Error('a socket did not stay open');
  for (const tab of tabs) tab.close();
  return { before: start, each: (end - start) / sockets };
}

const openBare = (url: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = io(`${url}/chat`, { transports: ['websocket'], forceNew: true, reconnection: false });
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', reject);
  });

installPeers();
const bare = await startMeasured([inspected, peer('sockets-bare')], {});
const theirs = await perSocket(bare, async (from, to) => {
  const opened: Socket[] = [];
  for (let at = from; at < to; at += 25)
    opened.push(...(await Promise.all(Array.from({ length: 25 }, () => openBare(bare.url)))));
  return opened;
});
await bare.stop();

const api = await startMeasuredApi({}, [inspected]);
const crowd = await crowdOf(api, before + sockets);
const ours = await perSocket(api, (from, to) => openTabs(crowd.slice(from, to), api.url));
await api.stop();

const row = (name: string, { before: start, each }: typeof ours) => [
  name,
  Math.round(start / 1024 / 1024),
  (each / 1024).toFixed(1),
];
report({
  title: `Sockets: ${sockets} that say nothing`,
  columns: ['', `MB with ${before} sockets`, 'KB for each of the next'],
  rows: [row('Entrada', ours), row('Socket.IO', theirs)],
  aims: [{ what: 'memory per socket, ours / bare Socket.IO', value: ours.each / theirs.each, atMost: 1.5 }],
});
