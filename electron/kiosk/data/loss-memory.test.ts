import { firstValueFrom } from 'rxjs';
import { expect, test, vi } from 'vitest';
import { silentLogger } from '#shared/flow/logger.ts';
import type { AppError } from '#shared/errors/app-error.ts';
import { FakeData } from '#support/fake-data.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createLossMemory } from './loss-memory.ts';

const lost: AppError = { code: 'storage.lost', params: {} };
const aside = (file: string): AppError => ({ code: 'storage.set_aside', params: { file } });
const full: AppError = { code: 'storage.disk_full', params: {} };

const setUp = () => {
  const notes = new FakeData();
  const clock = new ManualClock();
  const start = async (...notices: readonly (AppError | null)[]) => {
    const memory = await createLossMemory({ notices, notes, clock, logger: silentLogger });
    return { ...memory, now: () => firstValueFrom(memory.loss$) };
  };
  return { notes, clock, start };
};

test.each([
  ['lost', [lost], { kind: 'lost' }],
  [
    'saved out of a damaged file',
    [aside('kiosk.db.damaged-1')],
    { kind: 'salvaged', file: 'kiosk.db.damaged-1' },
  ],
  ['behind a full disk', [full, lost], { kind: 'lost' }],
] as const)('data that was %s is known over the starts that come', async (_, notices, what) => {
  const { clock, start } = setUp();
  expect(await (await start(null)).now()).toBeNull();
  const at = clock.now();
  expect(await (await start(...notices)).now()).toEqual({ at, ...what });
  await clock.advance(60_000);
  expect(await (await start(null, null)).now()).toEqual({ at, ...what });
});

test('the same file that is told of once more was damaged when it was; another one is news', async () => {
  const { clock, start } = setUp();
  await start(aside('one'));
  const at = clock.now();
  await clock.advance(60_000);
  expect(await (await start(aside('one'))).now()).toEqual({ kind: 'salvaged', file: 'one', at });
  expect(await (await start(aside('two'))).now()).toEqual({ kind: 'salvaged', file: 'two', at: clock.now() });
});

test('it is noted once the disk takes it, and forgotten with the kiosk', async () => {
  const { notes, clock, start } = setUp();
  notes.diskFull = true;
  const memory = await start(full, lost);
  const at = clock.now();
  await clock.advance(120_000);
  notes.diskFull = false;
  await clock.advance(60_000);
  expect(await (await start(null)).now()).toEqual({ kind: 'lost', at });
  await memory.forget();
  expect(await memory.now()).toBeNull();
  expect(await (await start(null)).now()).toBeNull();
  memory.dispose();
});

test('a disk that refuses as the kiosk ends is not asked again', async () => {
  const { notes, clock, start } = setUp();
  notes.diskFull = true;
  const memory = await start(lost);
  const forgetting = memory.forget();
  memory.dispose();
  await forgetting;
  notes.diskFull = false;
  const asked = vi.spyOn(notes, 'writeNote');
  await clock.advance(60_000);
  expect(asked).not.toHaveBeenCalled();
});
