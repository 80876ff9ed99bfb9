/** How long the radio takes to be back after its adapter is, computed from the periods that it is configured with. */
import fc from 'fast-check';
import { BehaviorSubject, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { startWithinMs, type DownReason, type NobleRadio } from './noble-radio.ts';
import { h4ConnectMs } from './open-radio.ts';
import { RadioError, type Advertisement, type RadioState } from './port.ts';
import { createRecoveringRadio, retryPauses, type OpenedRadio } from './recovering-radio.ts';

/** What is promised: from the end of the cause to a radio that listens. */
const healsWithinMs = 5_000;
/** What an adapter that works needs until it listens. */
const comesUpMs = 200;

type Cause = 'pulled' | 'nobody accepts' | 'does not answer';

/** An adapter that is as `cause` says until `endsAt`; what was begun before then comes to nothing. */
const openerOf = (clock: ManualClock, cause: Cause, endsAt: number) => (): Promise<OpenedRadio> => {
  const ill = clock.monotonic() < endsAt;
  const none: OpenedRadio = { ok: false, reason: 'no_dongle' };
  if (ill && cause === 'pulled') return Promise.resolve(none);
  if (ill && cause === 'nobody accepts') {
    return new Promise((resolve) => clock.after(h4ConnectMs, () => resolve(none)));
  }
  const state = new BehaviorSubject<RadioState>('starting');
  const down = Promise.withResolvers<DownReason>();
  if (ill) clock.after(startWithinMs, () => down.resolve('stuck'));
  else clock.after(comesUpMs, () => state.next('ready'));
  const radio: NobleRadio = {
    state$: state,
    listening$: new BehaviorSubject(true),
    advertisements$: new Subject<Advertisement>(),
    down: down.promise,
    heardAgain: () => false,
    peerCount: () => 0,
    connect: () => Promise.reject(new RadioError('not_found')),
    dispose: () => Promise.resolve(),
  };
  return Promise.resolve({ ok: true, radio, dispose: () => undefined });
};

describe('the radio that comes back', { timeout: 60_000 }, () => {
  it.each([
    ['pulled', 'no_dongle'],
    ['nobody accepts', 'no_dongle'],
    ['does not answer', 'stuck'],
  ] as const)('listens within five seconds of its cause’s end: %s', async (cause, shown) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 120_000 }), fc.integer(), async (endsAt, seed) => {
        const clock = new ManualClock();
        const states: RadioState[] = [];
        let healedAt = Number.POSITIVE_INFINITY;
        const radio = createRecoveringRadio({
          open: openerOf(clock, cause, endsAt),
          clock,
          retryAfterMs: retryPauses(seededRandom(seed)),
        });
        radio.state$.subscribe((state) => {
          states.push(state);
          if (state === 'ready') healedAt = Math.min(healedAt, clock.monotonic());
        });
        await clock.advance(endsAt + 60_000);
        expect(states).toEqual(['starting', shown, 'ready']);
        expect(healedAt - endsAt).toBeLessThanOrEqual(healsWithinMs);
        await radio.dispose();
      }),
      { numRuns: 30 },
    );
  });

  it('one that is ready for a moment and fails again, over and over, is tried less and less often', async () => {
    const clock = new ManualClock();
    const readyAt: number[] = [];
    const open = (): Promise<OpenedRadio> => {
      const state = new BehaviorSubject<RadioState>('ready');
      const down = Promise.withResolvers<DownReason>();
      readyAt.push(clock.monotonic());
      clock.after(comesUpMs, () => down.resolve('stuck'));
      const radio: NobleRadio = {
        state$: state,
        listening$: new BehaviorSubject(true),
        advertisements$: new Subject<Advertisement>(),
        down: down.promise,
        heardAgain: () => false,
        peerCount: () => 0,
        dispose: () => Promise.resolve(),
        connect: () => Promise.reject(new RadioError('not_found')),
      };
      return Promise.resolve({ ok: true, radio, dispose: () => undefined });
    };
    const radio = createRecoveringRadio({ open, clock, retryAfterMs: retryPauses(seededRandom(1)) });
    await clock.advance(60_000);
    const pauses = readyAt.slice(1).map((at, index) => at - (readyAt[index] ?? 0) - comesUpMs);
    expect(pauses.slice(0, 4)).toEqual(pauses.slice(0, 4).toSorted((one, other) => one - other));
    expect(Math.min(...pauses.slice(4))).toBeGreaterThanOrEqual(800);
    await radio.dispose();
  });
});
