/** A short herd: what `npm run bench -- herd` plays with ten thousand kiosks, with five hundred. No figure is judged here. */
import { expect, test } from 'vitest';
import { playHerd } from '../../bench/herd.ts';
import { inFolder } from '../../bench/temporary-data.ts';

const kiosks = 500;

test(
  'a chain that comes back at once after an outage is let in to the last kiosk, and no event of it is lost',
  { timeout: 120_000 },
  async () => {
    const outcome = await inFolder((folder) => playHerd(folder, { kiosks, withinMs: 2_000 }));
    expect(outcome.failures).toEqual([]);
    expect(outcome.back).toBe(kiosks);
    expect(outcome.acknowledged).toBe(outcome.pushed);
    expect(outcome.stored).toBe(outcome.pushed);
  },
);
