import * as fc from 'fast-check';

export { fc };

/** Whether something holds for whatever fast-check thinks of; throws with the smallest case where it does not. */
export function check<Values extends unknown[]>(
  arbitraries: { [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  holds: (...values: Values) => void,
): void {
  fc.assert(fc.property(fc.tuple(...arbitraries), (values) => holds(...(values as Values))));
}
