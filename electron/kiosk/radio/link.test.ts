import { describe, expect, it } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import type { GattClient } from './gatt-client.ts';
import { openLink } from './link.ts';
import type { EarlyStart, GattHandles, RadioFailure } from './port.ts';

const handles: GattHandles = {
  range: { start: 8, end: 20 },
  values: { info: 10, enrolment: 12, certificate: 14, tx: 16, rx: 18 },
  rxConfiguration: 19,
};
const early: EarlyStart = { handles, frames: [Uint8Array.of(0x80, 1)] };

/** A peer that never agrees on an MTU. */
const silent: GattClient = {
  open: () => new Promise(() => undefined),
  handles: () => null,
  maxFrame: () => 20,
  read: () => new Promise(() => undefined),
  send: () => Promise.resolve(),
  dispose: () => undefined,
};

const opening = (clock: ManualClock, timeoutMs: number, start?: EarlyStart) =>
  openLink(
    { peer: 'c61a00000005', gatt: silent, clock, disconnect: () => Promise.resolve(), early: start },
    { timeoutMs },
    new Promise<RadioFailure>(() => undefined),
  ).then(
    () => 'open',
    (error: unknown) => error,
  );

describe('a link whose peer never agrees on an MTU', () => {
  it('is lost after 1.5 s where it began early, so that time is left to open it otherwise', async () => {
    const clock = new ManualClock();
    const opened = opening(clock, 10_000, early);
    await clock.advance(1_500);
    expect(await opened).toMatchObject({ failure: 'link_lost' });
  });

  it.for([
    ['it began early with less time than that', 1_000, early],
    ['it did not begin early', 10_000, undefined],
  ] as const)('ends with its time where %s', async ([, timeoutMs, start]) => {
    const clock = new ManualClock();
    const opened = opening(clock, timeoutMs, start);
    await clock.advance(timeoutMs - 1);
    expect(await Promise.race([opened, Promise.resolve('still opening')])).toBe('still opening');
    await clock.advance(1);
    expect(await opened).toMatchObject({ failure: 'timeout' });
  });
});
