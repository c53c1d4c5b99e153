/** `npm start`: everything on one machine, without Azure, Docker, a database or root. */
import { join } from 'node:path';
import { buildServer, buildWeb } from './build.ts';
import { openDataFolder } from './data-folder.ts';
import { requireFreePort } from './free-port.ts';
import { ports, publicUrl, root, runStack } from './stack.ts';
import { welcome } from './welcome.ts';

await runStack(async (stack) => {
  console.log('Entrada, local stack\n');
  await requireFreePort(ports.public, 'PORT', 'the web page');
  const data = openDataFolder(process.env.DATA_DIR ?? join(root, 'data'));
  await buildServer(root);
  await buildWeb(root);
  const emulator = await stack.startGround(data);
  await stack.startApi(data, emulator, { port: ports.public });
  console.log(welcome({ publicUrl, people: emulator.people, logFile: data.apiLog }));
});
