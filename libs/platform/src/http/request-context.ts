import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the caller wherever the request leads: for log lines and audit entries. */
export interface RequestContext {
  requestId: string;
  address: string | null;
  userAgent: string | null;
  userId?: string;
  sessionId?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const currentRequest = (): RequestContext | undefined => storage.getStore();
export const inRequest = <Result>(context: RequestContext, work: () => Result): Result =>
  storage.run(context, work);
