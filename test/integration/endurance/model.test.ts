/** A few seeds of what `npm run test:model` does a thousand times. */
import { expect, it } from 'vitest';
import { runModel } from './run-model.ts';

it('ends with kiosks, backend, vendor and locks agreeing', { timeout: 300_000 }, async () => {
  expect(await runModel({ firstSeed: 1, seeds: 3, say: () => undefined })).toEqual([]);
});
