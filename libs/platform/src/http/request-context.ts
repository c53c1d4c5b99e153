import { AsyncLocalStorage } from 'node:async_hooks';

/** A person as the audit log names them; text that outlives the account. */
export interface Actor {
  id: string;
  email: string | null;
  displayName: string;
}

/** What is known of the call wherever it leads: for log lines and audit entries. */
export interface RequestContext {
  requestId: string;
  address: string | null;
  userAgent: string | null;
  /** By its route: what administrators do must work also when everybody else has to wait. */
  isAdministration?: boolean;
  actor?: Actor;
  sessionId?: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

export const currentRequest = (): RequestContext | undefined => storage.getStore();
export const inRequest = <Result>(context: RequestContext, work: () => Result): Result =>
  storage.run(context, work);
