/** How long it is said that the disk takes nothing. */
import { BehaviorSubject } from 'rxjs';
import { expect, test } from 'vitest';
import type { AppError } from '#shared/errors/app-error.ts';
import { FakeData } from '#support/fake-data.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { watchRoom, withLoss } from './room.ts';

const noticeOf = (code: AppError['code']): AppError => ({ code, params: {} });
const begin = (code: AppError['code']) => {
  const [data, clock] = [new FakeData(), new ManualClock()];
  const notice$ = new BehaviorSubject<AppError | null>(noticeOf(code));
  return { data, clock, notice$, watch: watchRoom(notice$, { data, clock }) };
};

test.each(['storage.disk_full', 'storage.read_only'] as const)(
  '%s is said while it is so, goes within seconds once it is not, and is said anew',
  async (code) => {
    const { data, clock, notice$, watch } = begin(code);
    data.diskFull = true;
    await clock.advance(600_000);
    expect(notice$.value?.code).toBe(code);
    data.diskFull = false;
    await clock.advance(5_000);
    expect(notice$.value).toBeNull();
    data.diskFull = true;
    notice$.next(noticeOf(code));
    await clock.advance(60_000);
    expect(notice$.value?.code).toBe(code);
    watch.dispose();
    data.diskFull = false;
    await clock.advance(60_000);
    expect(notice$.value?.code).toBe(code);
  },
);

test('any other notice stays, also where it has taken the place of that one', async () => {
  const { clock, notice$, watch } = begin('storage.disk_full');
  notice$.next(noticeOf('storage.set_aside'));
  await clock.advance(60_000);
  expect(notice$.value?.code).toBe('storage.set_aside');
  watch.dispose();
});

test('what was said before the disk took nothing is said again once it does', async () => {
  const { clock, notice$, watch } = begin('storage.set_aside');
  notice$.next(noticeOf('storage.disk_full'));
  notice$.next(noticeOf('storage.read_only'));
  await clock.advance(5_000);
  expect(notice$.value?.code).toBe('storage.set_aside');
  watch.dispose();
});

test.each([
  [null, null, 'storage.lost', undefined],
  ['storage.set_aside', null, 'storage.set_aside', undefined],
  ['storage.disk_full', null, 'storage.disk_full', 'storage.lost'],
  ['storage.disk_full', 'storage.set_aside', 'storage.disk_full', 'storage.set_aside'],
] as const)('that the data is lost is told beside %s and %s', (notice, hidden, first, then) => {
  const begun = { notice: notice && noticeOf(notice), hiddenNotice: hidden && noticeOf(hidden) };
  const told = withLoss(begun, true);
  expect([told.notice?.code, told.hiddenNotice?.code]).toEqual([first, then]);
  expect(withLoss(begun, false)).toEqual(begun);
});
