import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { isErrorCode } from '#contracts';
import { adoptAzureToken, sessionEnd, sessionQuery } from './session.ts';
import type { ChatSocket } from './socket.ts';

interface Listener {
  onConnected?: () => void;
  onLost?: () => void;
}

/** What the live connection says of the session and the Azure token, and how it comes back. @returns how to stop. */
export function followSession(
  socket: ChatSocket,
  queryClient: QueryClient,
  { onConnected, onLost }: Listener = {},
): () => void {
  let retry: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;
  const rejoinLater = (): void => {
    retry = setTimeout(() => void rejoin(socket, queryClient), Math.min(1_000 * 2 ** refusals, 30_000));
    refusals += 1;
  };
  socket.on('connect', () => {
    refusals = 0;
    onConnected?.();
  });
  socket.on('disconnect', (reason) => {
    if (reason === 'io client disconnect') return;
    onLost?.();
    if (reason === 'io server disconnect') rejoinLater();
  });
  socket.on('connect_error', () => {
    onLost?.();
    // Refused rather than unreachable: then Socket.IO does not try again by itself.
    if (!socket.active) rejoinLater();
  });
  socket.on('session:ended', ({ code }) => sessionEnd.set(isErrorCode(code) ? code : 'not_authenticated'));
  socket.on('azure-token:changed', ({ azureToken }) => adoptAzureToken(queryClient, azureToken));
  return () => {
    clearTimeout(retry);
    socket.removeAllListeners();
  };
}

/** The session first: a new answer renews the CSRF token, and a refusal shows that the session is over. */
async function rejoin(socket: ChatSocket, queryClient: QueryClient): Promise<void> {
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 }).catch(() => {});
  if (sessionEnd.get() === null && !socket.connected) socket.connect();
}

/** For pages without a chat: they too see at once that the session ended, or how the Azure token changed. */
export function useLiveSession(): void {
  const queryClient = useQueryClient();
  useEffect(() => {
    let leave: (() => void) | null = () => {};
    const join = async (): Promise<void> => {
      const { openChatSocket } = await import('./socket.ts');
      if (leave === null) return;
      const socket = openChatSocket();
      const stopFollowing = followSession(socket, queryClient);
      leave = () => {
        stopFollowing();
        socket.disconnect();
      };
    };
    // Without it the page still works: what changed shows with the next request.
    join().catch(() => {});
    return () => {
      leave?.();
      leave = null;
    };
  }, [queryClient]);
}
