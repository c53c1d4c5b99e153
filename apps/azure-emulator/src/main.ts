import { readEnvironment } from './settings.ts';
import { startEmulator, type Emulator } from './start.ts';

try {
  const emulator = await startEmulator(readEnvironment(process.env));
  endWith(emulator);
  const { stop: _stop, ...facts } = emulator;
  console.log(JSON.stringify({ ready: true, ...facts }));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}

/** A signal, or the end of the process that started us. */
function endWith(emulator: Emulator): void {
  const end = () => void emulator.stop().then(() => process.exit(0));
  process.once('SIGTERM', end).once('SIGINT', end);
  if (process.channel) process.once('disconnect', end);
}
