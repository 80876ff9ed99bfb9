/** The driver broke a promise; the message says what it did. */
export class BrokenPromise extends Error {}

export function insist(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new BrokenPromise(otherwise);
}
