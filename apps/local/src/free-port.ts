import { createServer } from 'node:net';
import { StopSentence } from './stop-sentence.ts';

/** Refuses early and by name, before anything is built or started. */
export async function requireFreePort(port: number, variable: string, purpose: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', () =>
      reject(
        new StopSentence(
          `Port ${port} is taken; ${purpose} needs it. Stop what listens there, or set ${variable} to another.`,
        ),
      ),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
  });
}
