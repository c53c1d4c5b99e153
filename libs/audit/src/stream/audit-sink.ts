import { type FileHandle, open } from 'node:fs/promises';

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
    const file = await open(path, 'a+', 0o600);
    try {
      await file.appendFile((await endsInLine(file)) ? lines : `\n${lines}`);
      await file.sync();
    } finally {
      await file.close();
    }
  },
});

/** Else a full disk or a killed process has cut a line short; those that follow must not be glued to it. */
async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}
