/** A few seeds of what `npm run test:model` does a thousand times. */
import { expect, it } from 'vitest';
import { runModel } from './run-model.ts';

it('ends with kiosks, backend, vendor and locks agreeing', { timeout: 300_000 }, async () => {
  // The failure itself, before the test's time is over; `npm run test:model` looks for fewer steps.
  expect(await runModel({ firstSeed: 1, seeds: 3, say: () => undefined, searchMs: 0 })).toEqual([]);
});
