import { expect, test as base } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import { sameReadMs } from '#shared/badges/same-read.ts';
import { createGiving, onceMoreMs, type GivingOptions } from './giving-badges.ts';

const [ann, bob] = ['a person', 'another'];
const idOf = (read: string): string => read.padStart(16, '0');

const test = base
  .extend('clock', () => ({ now: 0 }))
  /** Whose the badge is that is held. */
  .extend('held', (): { holder: CallOutput<'readBadge'>['holder'] } => ({ holder: null }))
  .extend('given', (): unknown[] => [])
  .extend('hold', ({ clock, held, given }) => {
    const call = ((name: string, input: { read: string }) => {
      if (name === 'readBadge') {
        return Promise.resolve(ok({ badgeId: idOf(input.read), holder: held.holder }));
      }
      given.push(input);
      return Promise.resolve(ok(null));
    }) as GivingOptions['call'];
    const giving = createGiving({ call, staffId: ann, now: () => clock.now });
    return async (read: string) => (await giving.held(read)).answer;
  });

test('a badge that is nobody’s is given when it is held a second time', async ({ clock, given, hold }) => {
  expect(await hold('11111')).toEqual({ kind: 'once_more', blocked: false });
  expect(given).toEqual([]);
  clock.now += sameReadMs;
  expect(await hold('11111')).toEqual({ kind: 'given' });
  expect(given).toEqual([{ staffId: ann, read: '11111' }]);
});

test('a reader that sends it twice is not somebody who holds it twice', async ({ clock, hold }) => {
  await hold('11111');
  clock.now += sameReadMs - 1;
  expect(await hold('11111')).toEqual({ kind: 'once_more', blocked: false });
  clock.now += 1;
  expect(await hold('11111')).toEqual({ kind: 'given' });
});

test.for([
  ['another badge', 1_000, '22222'],
  ['the same one, much later', onceMoreMs + 1, '11111'],
] as const)('%s begins anew', async ([_what, passes, read], { clock, given, hold }) => {
  await hold('11111');
  clock.now += passes;
  expect(await hold(read)).toEqual({ kind: 'once_more', blocked: false });
  expect(given).toEqual([]);
});

test('one of theirs that is blocked is good again when it is held a second time; one that is not, is said to be theirs', async ({
  clock,
  held,
  given,
  hold,
}) => {
  held.holder = { staffId: ann, blocked: true };
  expect(await hold('11111')).toEqual({ kind: 'once_more', blocked: true });
  clock.now += sameReadMs;
  expect(await hold('11111')).toEqual({ kind: 'given' });
  held.holder = { staffId: ann, blocked: false };
  expect(await hold('11111')).toEqual({ kind: 'theirs' });
  expect(given).toHaveLength(1);
});

test.for([true, false])(
  'somebody else’s (blocked: %s) is never given',
  async (blocked, { clock, held, given, hold }) => {
    held.holder = { staffId: bob, blocked };
    for (let times = 0; times < 3; times += 1) {
      expect(await hold('11111')).toEqual({ kind: 'of_another', staffId: bob, blocked });
      clock.now += sameReadMs;
    }
    expect(given).toEqual([]);
  },
);

test('what cannot be read says why, and counts as no first time', async ({ clock, hold }) => {
  await hold('11111');
  clock.now += sameReadMs;
  const failing = createGiving({
    call: () => Promise.resolve(fail('badge.no_key')),
    staffId: ann,
    now: () => clock.now,
  });
  expect(await failing.held('11111')).toEqual({
    badgeId: null,
    answer: { kind: 'failed', error: { code: 'badge.no_key', params: {} } },
  });
});
