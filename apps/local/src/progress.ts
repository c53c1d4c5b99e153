/** Tells what takes time: a step that lasts longer than a second gets a line. */
const patienceMs = 1_000;

export async function step<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
  const begun = Date.now();
  let told = false;
  const timer = setTimeout(() => {
    told = true;
    process.stdout.write(`  ${what} …`);
  }, patienceMs);
  try {
    return await work();
  } finally {
    clearTimeout(timer);
    if (told) process.stdout.write(` ${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
  }
}
