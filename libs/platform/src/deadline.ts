/** The work's outcome, or a failure once it has taken this long; what it does afterwards goes unheard. */
export async function within<Outcome>(ms: number, work: Promise<Outcome>, what: string): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
