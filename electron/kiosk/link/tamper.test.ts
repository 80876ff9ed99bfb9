/** Every byte of every message changed on the way: no false "opened", always a named outcome, both ends ready for the next. */
import { describe, expect, test } from 'vitest';
import { kioskEnd, lockEnd } from '#support/link-world.ts';
import type { KioskAction } from './kiosk/session.ts';
import type { LockAction } from './lock/session.ts';

const messages = ['message_1', 'message_2', 'message_3 and command', 'result'] as const;
type Which = (typeof messages)[number];
type Change = (message: Uint8Array) => Uint8Array;

interface Outcome {
  readonly lengths: Record<string, number>;
  /** What the kiosk believes at the end; `null`: it still waits, its driver's deadline ends that. */
  readonly kiosk: KioskAction | null;
  readonly opened: boolean;
  /** How each end failed, if it did. */
  readonly failures: string[];
}

const exchange = (which: Which, change: Change): Outcome => {
  const kiosk = kioskEnd();
  const lock = lockEnd();
  const lengths: Record<string, number> = {};
  const failures: string[] = [];
  let opened = false;
  const carry = (name: Which, action: KioskAction | LockAction | null): Uint8Array | null => {
    if (action?.type === 'failed') failures.push(action.failure);
    if (action?.type !== 'send') return null;
    lengths[name] = action.message.length;
    return name === which ? change(action.message) : action.message;
  };
  const atLock = (message: Uint8Array | null): LockAction | null => (message ? lock.receive(message) : null);
  const atKiosk = (message: Uint8Array | null): KioskAction | null =>
    message ? kiosk.receive(message) : null;
  /** A lock that fails tells the kiosk so. */
  const told = (action: LockAction | null): KioskAction | null =>
    action?.type === 'failed' ? atKiosk(action.message) : null;

  const first = atLock(carry('message_1', kiosk.start()));
  const ready = told(first) ?? atKiosk(carry('message_2', first));
  if (ready?.type !== 'ready') {
    carry('message_2', ready);
    return { lengths, kiosk: ready, opened, failures };
  }
  const command = kiosk.command({
    type: 'unlock',
    holdOpenSeconds: 5,
    actorHash: new Uint8Array(32),
    reasonCode: 0,
  });
  const taken = atLock(carry('message_3 and command', command));
  let last = told(taken);
  if (taken?.type === 'failed') failures.push(taken.failure);
  if (taken?.type === 'command') {
    opened = true;
    last = atKiosk(carry('result', lock.answer({ type: 'unlock', holdOpenSeconds: 5 })));
  }
  carry('result', last);
  return { lengths, kiosk: last, opened, failures };
};

const untouched = exchange('result', (message) => message);

test('untouched, it opens', () => {
  expect(untouched).toMatchObject({ opened: true, failures: [], kiosk: { type: 'result' } });
});

const flips: [string, (byte: number) => number][] = [
  ['its lowest bit', (byte) => byte ^ 1],
  ['its highest bit', (byte) => byte ^ 0x80],
];

describe.each(messages)('%s', { timeout: 60_000 }, (which) => {
  const length = untouched.lengths[which]!;

  test.each(flips)('any byte with %s flipped ends in a named failure', (_name, flip) => {
    for (let index = 0; index < length; index += 1) {
      const outcome = exchange(which, (message) => message.with(index, flip(message[index]!)));
      expect(outcome.failures.length, `byte ${index}`).toBeGreaterThan(0);
      expect(outcome.kiosk?.type, `byte ${index}`).not.toBe('result');
      expect(outcome.opened, `byte ${index}`).toBe(which === 'result');
    }
  });

  test('cut short anywhere, or longer by a byte, ends in a named failure', () => {
    for (let end = 1; end < length; end += 7) {
      const outcome = exchange(which, (message) => message.subarray(0, end));
      expect(outcome.failures.length, `cut at ${end}`).toBeGreaterThan(0);
      expect(outcome.kiosk?.type, `cut at ${end}`).not.toBe('result');
    }
    const longer = exchange(which, (message) => Uint8Array.of(...message, 0));
    expect(longer.failures.length).toBeGreaterThan(0);
  });
});

test('a changed result leaves the kiosk with an unknown outcome, not with a failed one', () => {
  const outcome = exchange('result', (message) => message.with(5, message[5]! ^ 1));
  expect(outcome.kiosk).toEqual({ type: 'failed', failure: 'bad_record', committed: true });
});
