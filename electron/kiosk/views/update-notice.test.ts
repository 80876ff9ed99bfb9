import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { updateNoticeSchema } from '#shared/ipc/update-view.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { unasked, type UpdateState } from '../updates/update-state.ts';
import { updateFor, updateNotice } from './update-notice.ts';

const minute = 60_000;
const dayMs = 24 * 60 * minute;
const window = { from: '02:00', to: '05:00' };
const offered = { version: '0.3.1', words: { en: 'Faster.' }, urgent: true };
const open = (rest: Partial<UpdateState>) => {
  const clock = new ManualClock();
  const state$ = new BehaviorSubject<UpdateState>({ ...unasked, ...rest });
  const notice$ = updateNotice({ state$, version: '0.3.1', window }, clock);
  const now = async () => updateNoticeSchema.parse(await firstValueFrom(notice$));
  return { clock, state$, notice$, now };
};
const manager = ['open', 'acknowledge_alarms'] as const;

describe('of updates', () => {
  test('nothing is said where IT pushes them, nor before anything is known', async () => {
    expect(await firstValueFrom(updateNotice(null, new ManualClock()))).toEqual({});
    expect(await open({}).now()).toEqual({});
  });

  test('what waits is said with when, and with why it was not installed; a silent channel is for Health', async () => {
    const offer = { version: '0.3.1', words: { en: 'Faster.' }, urgent: true, window, tonight: true };
    const waits = { stage: 'waiting', offered, tonight: true } as const;
    expect(await open(waits).now()).toEqual({ offer });
    const silent = { code: 'update.no_answer', params: {} } as const;
    expect(await open({ ...waits, problem: silent }).now()).toEqual({ offer });
    const problem = { code: 'update.given_up', params: { version: '0.3.1', installed: '0.3.0' } } as const;
    expect(await open({ ...waits, problem }).now()).toEqual({ offer: { ...offer, problem } });
  });

  test('what became of the last is said for a day, and goes by itself', async () => {
    const clock = new ManualClock();
    const at = clock.now() - dayMs + minute;
    const result = { outcome: 'installed', version: '0.3.1', issuedAt: 0, at } as const;
    const { clock: itsClock, notice$ } = open({ result });
    const seen: unknown[] = [];
    const watching = notice$.subscribe((notice) => seen.push(notice));
    await itsClock.advance(2 * minute);
    watching.unsubscribe();
    expect(seen).toEqual([{ news: { what: 'installed', at } }, {}]);
    const other = await open({ result: { ...result, version: '0.3.2' } }).now();
    expect(other).toEqual({});
    const ahead = await open({ result: { ...result, at: clock.now() + dayMs } }).now();
    expect(ahead).toEqual({});
    const back = { outcome: 'went-back', version: '0.3.2', issuedAt: 0, at } as const;
    expect(await open({ result: back }).now()).toEqual({ news: { what: 'went_back', at, version: '0.3.1' } });
  });

  test('a download and its progress change nothing of it', () => {
    const { state$, notice$ } = open({ stage: 'downloading', offered });
    let said = 0;
    notice$.subscribe(() => (said += 1));
    for (const percent of [1, 2, 3]) state$.next({ ...state$.value, percent });
    expect(said).toBe(1);
    state$.next({ ...state$.value, stage: 'waiting' });
    expect(said).toBe(2);
  });

  test('each is told what is theirs: who may choose what waits, nobody else; what runs who is signed out', () => {
    const offer = { version: '0.3.1', words: {}, urgent: false, window, tonight: false };
    const installing = { done: 1, steps: 4 };
    const back = { what: 'went_back', at: 5, version: '0.3.0' } as const;
    const news = { what: 'installed', at: 5 } as const;
    expect(updateFor({ offer, news: back }, 'ready', manager)).toEqual({ update: { offer, news: back } });
    expect(updateFor({ offer, news: back }, 'ready', ['open'])).toEqual({});
    expect(updateFor({ offer, news: back }, 'ready', null)).toEqual({});
    expect(updateFor({ news }, 'ready', ['open'])).toEqual({ update: { news } });
    expect(updateFor({ installing, news }, 'ready', null)).toEqual({ update: { installing, news } });
    expect(updateFor({ installing }, 'ready', manager)).toEqual({});
    for (const phase of ['starting', 'unregistered', 'revoked'])
      expect(updateFor({ installing, news }, phase, null)).toEqual({});
  });
});
