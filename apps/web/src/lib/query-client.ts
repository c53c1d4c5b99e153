import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.ts';
import { noticeSessionEnd } from './session.ts';
import { noticeStepUp } from './step-up.ts';

const isTransient = (error: unknown): boolean =>
  error instanceof ApiProblem && (error.problem.status === 0 || error.problem.status >= 502);

export function createQueryClient(): QueryClient {
  const onError = (error: unknown): void => noticeSessionEnd(queryClient, error);
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      onError: (error) => {
        onError(error);
        noticeStepUp(error);
      },
    }),
    defaultOptions: {
      queries: {
        // A request that waits for `navigator.onLine` waits in silence; a failed one can be shown.
        networkMode: 'always',
        retry: (failures, error) => failures < 2 && isTransient(error),
        staleTime: 30_000,
        refetchOnWindowFocus: false,
      },
      mutations: { networkMode: 'always' },
    },
  });
  return queryClient;
}
