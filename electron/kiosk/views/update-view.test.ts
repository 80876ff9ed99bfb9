import { BehaviorSubject, firstValueFrom, of } from 'rxjs';
import { expect, test } from 'vitest';
import { updatesViewSchema } from '#shared/ipc/update-view.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { unasked, type UpdateState } from '../updates/update-state.ts';
import { updateView } from './update-view.ts';

const clock = new ManualClock();
const dayMs = 86_400_000;
const sources = {
  version: '0.3.1',
  channel: 'updates.example.com',
  ring: 'early' as const,
  window: { from: '02:00', to: '05:00' },
};
const state: UpdateState = { ...unasked, stage: 'current', lookedAt: 5 };
const seen = async (rest: Partial<UpdateState>) =>
  updatesViewSchema.parse(
    await firstValueFrom(updateView({ ...sources, state$: of({ ...state, ...rest }) }, clock)),
  );

test('Health has nothing of updates where IT pushes them', async () => {
  expect(await firstValueFrom(updateView(null, clock))).toBeUndefined();
});

test('a problem goes before the stage, and what is offered is shown without its package', async () => {
  const offered = { version: '0.3.2', words: { en: 'Faster.' }, urgent: true, rings: {} };
  const problem = { code: 'update.no_answer', params: {} } as const;
  expect(await seen({ stage: 'waiting', offered })).toMatchObject({
    state: 'waiting',
    offered: { version: '0.3.2', urgent: true },
  });
  expect(await seen({ stage: 'waiting', offered, problem })).toMatchObject({ state: 'problem', problem });
});

test('that this version was installed is told for a day, that another was is not', async () => {
  const at = clock.now();
  const result = { outcome: 'installed', version: '0.3.1', issuedAt: 0, at } as const;
  expect(await seen({ result })).toMatchObject({ updatedAt: at });
  expect(await seen({ result: { ...result, at: at - dayMs } })).not.toHaveProperty('updatedAt');
  expect(await seen({ result: { ...result, at: at + 2 * dayMs } })).not.toHaveProperty('updatedAt');
  expect(await seen({ result: { ...result, version: '0.3.0' } })).not.toHaveProperty('updatedAt');
  expect(await seen({ result: { ...result, outcome: 'went-back' } })).not.toHaveProperty('updatedAt');
});

test('since when a stage lasts is told, and looking again does not begin it anew', async () => {
  const state$ = new BehaviorSubject<UpdateState>(state);
  const since: (number | undefined)[] = [];
  updateView({ ...sources, state$ }, clock).subscribe((view) => since.push(view?.since));
  const begun = clock.now();
  await clock.advance(1000);
  state$.next({ ...state, lookedAt: clock.now() });
  state$.next({ ...state, stage: 'downloading' });
  expect(since).toEqual([begun, begun, begun + 1000]);
});
