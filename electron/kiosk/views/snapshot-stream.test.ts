import { BehaviorSubject } from 'rxjs';
import { expect, test } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createSnapshotStream } from './snapshot-stream.ts';

const start = (options?: { readonly onceAsked: boolean }) => {
  const clock = new ManualClock(0);
  const source$ = new BehaviorSubject(1);
  const made = createSnapshotStream(source$, clock, 100, options);
  const shown: number[] = [];
  const watch = () => made.stream$.subscribe((value) => shown.push(value));
  return { made, clock, source$, shown, watch };
};

test('the first change goes out at once, those that follow together as one, the same as before not at all', async () => {
  const { clock, source$, shown, watch } = start();
  watch();
  source$.next(2);
  source$.next(3);
  expect(shown).toEqual([1]);
  await clock.advance(100);
  expect(shown).toEqual([1, 3]);
  source$.next(3);
  await clock.advance(200);
  expect(shown).toEqual([1, 3]);
});

test('whoever comes later has the current snapshot', () => {
  const { shown, watch } = start();
  watch();
  watch();
  expect(shown).toEqual([1, 1]);
});

test('nothing is looked at before somebody asks, where it begins once asked; then it goes on for all', async () => {
  const { made, clock, source$, shown, watch } = start({ onceAsked: true });
  expect(source$.observed).toBe(false);
  source$.next(2);
  const first = watch();
  expect(shown).toEqual([2]);
  first.unsubscribe();
  source$.next(3);
  await clock.advance(100);
  watch();
  expect(shown).toEqual([2, 3]);
  made.dispose();
  expect(source$.observed).toBe(false);
});

test('what has ended begins no more', () => {
  const { made, source$, shown, watch } = start({ onceAsked: true });
  made.dispose();
  watch();
  expect([shown, source$.observed]).toEqual([[], false]);
});
