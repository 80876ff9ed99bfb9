/** The offline lease of a whole kiosk under a clock that somebody turns. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { kioskTest } from './kiosk-under-test.ts';
import { goodCode } from './registering-backend.ts';

const day = 86_400_000;

const test = kioskTest;

test('a clock that is turned ahead for a moment while online prolongs nothing', async ({ kiosk }) => {
  await kiosk.start({ code: goodCode });
  await kiosk.until('online', () => kiosk.view('health').connection.state === 'online');
  await kiosk.until('lease', () => kiosk.view('health').lease.until !== null);
  // The backend's own clock is right all the time.
  let ahead = 0;
  kiosk.server.backend.now = () => Math.round(kiosk.clock.now() - ahead);
  const truth = (): number => kiosk.clock.now() - ahead;
  ahead = 365 * day;
  kiosk.clock.jump(ahead);
  // "Synchronise now" on the Health page needs nobody signed in: the contact is noted by the wrong clock.
  expect((await kiosk.call('syncNow', null)).ok).toBe(true);
  // Put right again; from here on nothing but the time check gets through.
  kiosk.clock.jump(-365 * day);
  ahead = 0;
  kiosk.server.backend.fault = (request) => (request.includes('/time') ? null : 'unreachable');
  await kiosk.until('offline', () => kiosk.view('health').connection.state === 'offline');
  // The next check comes within a quarter of an hour.
  for (let second = 0; second < 3000; second += 1) {
    await kiosk.clock.advance(1_000);
    await sleep(2);
    if (Math.abs(kiosk.view('kiosk').now - truth()) < day) break;
  }
  expect(Math.abs(kiosk.view('kiosk').now - truth())).toBeLessThan(day);
  // One view is told before the other: Health follows, without a contact in between.
  const daysLeft = (): number => Math.round(((kiosk.view('health').lease.until ?? 0) - truth()) / day);
  await kiosk.until('the lease is of the right clock', () => daysLeft() <= 7);
});
