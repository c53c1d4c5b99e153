/**
 * Loaded into a built process by `NODE_OPTIONS=--import=…`, for faults that cannot be had from outside: the test that
 * started the process asks for one over its IPC channel. The product has no way in for any of this.
 */
import { createRequire } from 'node:module';

const { Client } = createRequire(import.meta.url)('pg');
const query = Client.prototype.query;
const mistake = () => new TypeError('a mistake of ours: canary-detail');

const faults = {
  /** The next question about conversations fails in a way that nobody has thought of. */
  'broken-query'() {
    Client.prototype.query = function (...asked) {
      if (!String(asked[0]?.text ?? asked[0]).includes('conversations')) return query.apply(this, asked);
      Client.prototype.query = query;
      throw mistake();
    };
  },
  'rejected-promise': () => void Promise.reject(mistake()),
  /** Not even an error. */
  'rejected-nothing': () => void Promise.reject(undefined),
  'broken-timer': () =>
    void setTimeout(() => {
      throw mistake();
    }, 1),
};

process.on('message', ({ fault } = {}) => {
  faults[fault]?.();
  process.send({ done: fault });
});
process.channel?.unref();
