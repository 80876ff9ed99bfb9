/** A few cycles of what `npm run test:crash` does a thousand times. */
import { expect, it } from 'vitest';
import { runCrash } from './run-crash.ts';

it('loses nothing and does nothing twice, whatever is killed', { timeout: 300_000 }, async () => {
  const { faults, kioskKills } = await runCrash({ cycles: 10, seed: 7, say: () => undefined });
  expect(faults).toEqual([]);
  expect(kioskKills).toBe(10);
});
