/** What an operator reads of a kiosk whose clock was wrong while nobody could tell it. */
import { expect } from 'vitest';
import { z } from 'zod';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually } from './estate.ts';
import { estateTest } from './estate-test.ts';

const hour = 3_600_000;
/** A check is good to half a round trip, and a machine under load is slow. */
const slackMs = 60_000;
const eventSchema = z.looseObject({
  kind: z.string(),
  sequence: z.int(),
  at: z.int(),
  verdict: z.string(),
  time: z.strictObject({ at: z.int(), basis: z.enum(['recorded', 'corrected', 'estimated']) }),
});

const test = estateTest.extend('readEvents', ({ estate }) => async (storeId: string) => {
  const { events } = (await estate.admin('GET', `/stores/${storeId}/events`)) as { events: unknown };
  return z
    .array(eventSchema)
    .parse(events)
    .sort((a, b) => a.sequence - b.sequence);
});

test.for([5 * hour, -5 * hour])(
  'a clock that goes wrong by %d ms offline, with a restart in between: once there is contact, each event has its true time',
  { timeout: 180_000 },
  async (offMs, { estate, readEvents }) => {
    const begunAt = Date.now();
    const storeId = await estate.makeStore();
    const kiosk = await EstateKiosk.at(estate, storeId);
    kiosk.network = 'cut';
    // An answer that was under way when the network went would be one more check, of whichever clock there then is.
    await eventually(async () => expect(await kiosk.call('syncNow', null)).toMatchObject({ ok: false }));
    kiosk.clockOffsetMs = offMs;
    await kiosk.call('signOut', null);
    await kiosk.signIn();
    await kiosk.stop();
    await kiosk.start();
    await kiosk.signIn();
    kiosk.network = 'up';
    await kiosk.call('syncNow', null);
    await eventually(() => kiosk.requireView('health', ({ connection }) => connection.waiting === 0));
    await eventually(async () => {
      const kinds = (await readEvents(storeId)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'signed_in')).toHaveLength(3);
    });
    const endedAt = Date.now();
    const events = await readEvents(storeId);
    // A clock that was put back is carried on from what was known, so that nothing has to be corrected.
    if (offMs > 0) expect(events.map(({ kind }) => kind)).toContain('clock_corrected');
    let before = 0;
    for (const { verdict, time } of events) {
      expect(verdict).toBe('chained');
      expect(time.at).toBeGreaterThan(begunAt - slackMs);
      expect(time.at).toBeLessThan(endedAt + slackMs);
      expect(time.at).toBeGreaterThan(before - slackMs);
      before = time.at;
    }
    const wrong = events.filter(({ at }) => Math.abs(at - endedAt) > hour);
    for (const { time } of wrong) expect(time.basis).not.toBe('recorded');
    expect(wrong.length > 0).toBe(offMs > 0);
  },
);
