/** Open tabs of a crowd: live connections as the browser's own client makes them. */
import { io, type Socket } from 'socket.io-client';
import type { SignedIn } from './crowd.ts';

export const openTab = ({ headers, csrfToken }: SignedIn, url: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = io(`${url}/chat`, {
      path: '/socket.io',
      addTrailingSlash: false,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { csrfToken },
      extraHeaders: { ...headers, origin: url },
    });
    socket.once('connect', () => resolve(socket));
    socket.once('connect_error', (error) => reject(error));
  });

/** Some at a time: all at once would be a stampede, which is another question. */
export async function openTabs(crowd: readonly SignedIn[], url: string): Promise<Socket[]> {
  const tabs: Socket[] = [];
  for (let at = 0; at < crowd.length; at += 25)
    tabs.push(...(await Promise.all(crowd.slice(at, at + 25).map((person) => openTab(person, url)))));
  return tabs;
}
