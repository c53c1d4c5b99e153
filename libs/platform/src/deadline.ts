export class TooLate extends Error {}

/** The work's outcome, or TooLate once it has taken this long; what it does afterwards goes unheard. */
export async function within<Outcome>(ms: number, work: Promise<Outcome>, what: string): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(new TooLate(`${what} took longer than ${ms} ms`));
    // When it was this process that was late, the answer is here already and is read first.
    timer = setTimeout(() => setImmediate(giveUp), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
