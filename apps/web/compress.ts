/** After `next build`: each text file of the site gets a compressed twin, so that no request has to compress anything. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';

const site = join(import.meta.dirname, 'out');
/** Below this the packet is the same. */
const smallestBytes = 1024;

for (const file of readdirSync(site, { recursive: true, encoding: 'utf8' })) {
  if (!/\.(html|js|css|svg|txt)$/.test(file)) continue;
  const text = readFileSync(join(site, file));
  if (text.length < smallestBytes) continue;
  writeFileSync(join(site, `${file}.gz`), gzipSync(text, { level: constants.Z_BEST_COMPRESSION }));
}
