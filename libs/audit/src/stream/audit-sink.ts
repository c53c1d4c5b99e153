import { open } from 'node:fs/promises';

/** Where entries are written as lines. When `write` returns, they are out of this process's hands. */
export interface AuditSink {
  write(lines: string): Promise<void>;
}

export const sinkOf = (stream: string): AuditSink =>
  stream === 'stdout' ? standardOutput : fileSink(stream);

const standardOutput: AuditSink = {
  write: (lines) =>
    new Promise((resolve, reject) => {
      process.stdout.write(lines, (error) => (error ? reject(error) : resolve()));
    }),
};

/** Opened anew each time, so that a rotated file is let go of. */
const fileSink = (path: string): AuditSink => ({
  async write(lines) {
    const file = await open(path, 'a', 0o600);
    try {
      await file.appendFile(lines);
      await file.sync();
    } finally {
      await file.close();
    }
  },
});
