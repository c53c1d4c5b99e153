import * as fc from 'fast-check';
import { it } from 'vitest';

export { fc };

/** A test that holds for whatever fast-check thinks of. */
export function test<Values extends unknown[]>(
  name: string,
  arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  holds: (...values: Values) => void,
): void {
  it(name, () => fc.assert(fc.property(...arbitraries, holds as never)));
}
