import { Client, type ClientConfig } from 'pg';

type Query = (...call: unknown[]) => unknown;

/**
 * A connection that is given up once an answer did not come in time. node-postgres only stops waiting: the connection
 * would go back to the pool with the statement, or even the transaction, of somebody else still open on it.
 */
export class TimedClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    // A connection can break twice: Postgres says that it ends it, and then it is reset. By the second time whoever used it
    // has let go of it, and an error that nobody hears ends the process. The pool and TypeORM hear the first one.
    this.on('error', () => undefined);
  }

  override query = ((...call: unknown[]) => {
    const answer = (Client.prototype.query as Query).apply(this, call);
    if (answer instanceof Promise) answer.catch((error: unknown) => this.giveUpIfLate(error));
    return answer;
  }) as Client['query'];

  private giveUpIfLate(error: unknown): void {
    if (!(error instanceof Error) || error.message !== 'Query read timeout') return;
    const { connection } = this as unknown as { connection: { stream: { destroy(error: Error): void } } };
    connection.stream.destroy(new Error('Connection terminated: the database did not answer in time'));
  }
}
