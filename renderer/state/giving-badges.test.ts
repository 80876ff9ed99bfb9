import { beforeEach, expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import { createGiving, onceMoreMs, sameReadMs, type GivingOptions } from './giving-badges.ts';

const [ann, bob] = ['a person', 'another'];
let now: number;
let holder: CallOutput<'readBadge'>['holder'];
let given: unknown[];
const idOf = (read: string): string => read.padStart(16, '0');
const call = ((name: string, input: { read: string }) => {
  if (name === 'readBadge') return Promise.resolve(ok({ badgeId: idOf(input.read), holder }));
  given.push(input);
  return Promise.resolve(ok(null));
}) as GivingOptions['call'];
let giving: ReturnType<typeof createGiving>;
const hold = async (read: string) => (await giving.held(read)).answer;
beforeEach(() => {
  now = 0;
  holder = null;
  given = [];
  giving = createGiving({ call, staffId: ann, now: () => now });
});

test('a badge that is nobody’s is given when it is held a second time', async () => {
  expect(await hold('11111')).toEqual({ kind: 'once_more', blocked: false });
  expect(given).toEqual([]);
  now += sameReadMs;
  expect(await hold('11111')).toEqual({ kind: 'given' });
  expect(given).toEqual([{ staffId: ann, read: '11111' }]);
});

test('a reader that sends it twice is not somebody who holds it twice', async () => {
  await hold('11111');
  now += sameReadMs - 1;
  expect(await hold('11111')).toEqual({ kind: 'once_more', blocked: false });
  now += 1;
  expect(await hold('11111')).toEqual({ kind: 'given' });
});

test.each([
  ['another badge', 1_000, '22222'],
  ['the same one, much later', onceMoreMs + 1, '11111'],
])('%s begins anew', async (_what, passes, read) => {
  await hold('11111');
  now += passes;
  expect(await hold(read)).toEqual({ kind: 'once_more', blocked: false });
  expect(given).toEqual([]);
});

test('one of theirs that is blocked is good again when it is held a second time; one that is not, is said to be theirs', async () => {
  holder = { staffId: ann, blocked: true };
  expect(await hold('11111')).toEqual({ kind: 'once_more', blocked: true });
  now += sameReadMs;
  expect(await hold('11111')).toEqual({ kind: 'given' });
  holder = { staffId: ann, blocked: false };
  expect(await hold('11111')).toEqual({ kind: 'theirs' });
  expect(given).toHaveLength(1);
});

test.each([true, false])('somebody else’s (blocked: %s) is never given', async (blocked) => {
  holder = { staffId: bob, blocked };
  for (let times = 0; times < 3; times += 1) {
    expect(await hold('11111')).toEqual({ kind: 'of_another', staffId: bob, blocked });
    now += sameReadMs;
  }
  expect(given).toEqual([]);
});

test('what cannot be read says why, and counts as no first time', async () => {
  await hold('11111');
  now += sameReadMs;
  const failing = createGiving({
    call: () => Promise.resolve(fail('badge.no_key')),
    staffId: ann,
    now: () => now,
  });
  expect(await failing.held('11111')).toEqual({
    badgeId: null,
    answer: { kind: 'failed', error: { code: 'badge.no_key', params: {} } },
  });
});
