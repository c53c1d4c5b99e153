import type { PGlite } from '@electric-sql/pglite';

/** What `pg` sends that leaves nothing open: startup, password, a simple query, Sync, Terminate. */
const endsPipeline = new Set(['\0', 'p', 'Q', 'S', 'X'].map((letter) => letter.charCodeAt(0)));

/**
 * PGlite is one session, and its socket server hands it the messages of all connections one by one. A statement with
 * parameters is five of them (Parse, Bind, Describe, Execute, Sync), and outside a transaction those of two connections
 * interleave: one statement then runs with the parameters of the other. The server does keep to one connection while a
 * transaction is open; so an unfinished statement is made to look like one.
 */
export function withWholePipelines(database: PGlite): PGlite {
  let isOpen = false;
  const changed: Partial<PGlite> = {
    isInTransaction: () => isOpen || database.isInTransaction(),
    execProtocolRawStream(message, options) {
      isOpen = !endsPipeline.has(message[0] ?? 0);
      return database.execProtocolRawStream(message, options);
    },
    // The rollback for a connection that went away in the middle.
    exec(sql, options) {
      isOpen = false;
      return database.exec(sql, options);
    },
  };
  return new Proxy(database, {
    get(target, name) {
      const value: unknown = Reflect.get(Object.hasOwn(changed, name) ? changed : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
