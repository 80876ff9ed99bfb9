/** Who goes next (`turns.ts`), without a server: what has to wait for whom, and for how long. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test as base, vi } from 'vitest';
import { createFairTurns, inTurn } from './turns.ts';

const reply = () => ({ raw: new ServerResponse(new IncomingMessage(new Socket())) });

const mad = { storeId: 'one', kioskId: 'mad' };
const beside = { storeId: 'one', kioskId: 'beside' };
const other = { storeId: 'other', kioskId: 'other' };
const waiting = { kiosk: 3, store: 10, all: 20 };

const test = base
  .extend('turns', () =>
    createFairTurns({ atOnce: { kiosk: 1, store: 1, all: 1 }, waiting, longestWaitMs: 5_000 }),
  )
  .extend('done', (): string[] => [])
  /** Work that takes so long; once it is done its name is in `done`. */
  .extend('work', ({ done }) => (name: string, takesMs: number) => async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, takesMs));
    done.push(name);
  })
  .extend(
    'madWork',
    ({ turns, work }) =>
      (name: string, takesMs = 100): Promise<void> =>
        inTurn(turns, mad, reply(), work(name, takesMs), () => turns.isWaiting(mad.kioskId)),
  );
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a kiosk that asks for more at once rests as long as its work took, and nobody rests with it', async ({
  turns,
  done,
  work,
  madWork,
}) => {
  const all = [madWork('mad 1'), madWork('mad 2')];
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toEqual(['mad 1']);
  all.push(inTurn(turns, other, reply(), work('other', 20)));
  all.push(inTurn(turns, beside, reply(), work('beside', 20)));
  await vi.advanceTimersByTimeAsync(40);
  expect(done).toEqual(['mad 1', 'other', 'beside']);
  await vi.advanceTimersByTimeAsync(100 - 40 + 99);
  expect(done).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(1);
  await Promise.all(all);
  expect(done.at(-1)).toBe('mad 2');
});

test('a kiosk that asks for one thing after another never rests', async ({ done, madWork }) => {
  for (const name of ['one', 'two', 'three']) {
    const piece = madWork(name);
    await vi.advanceTimersByTimeAsync(100);
    await piece;
  }
  expect(done).toEqual(['one', 'two', 'three']);
});

test('it rests a second at the most, however long its work took', async ({ done, madWork }) => {
  const all = [madWork('mad 1', 3_000), madWork('mad 2')];
  await vi.advanceTimersByTimeAsync(3_000 + 999);
  expect(done).toEqual(['mad 1']);
  await vi.advanceTimersByTimeAsync(1 + 100);
  await Promise.all(all);
});

test('who waits behind itself is put off as one that asks for too much (429), also while it rests', async ({
  turns,
  work,
  madWork,
}) => {
  const first = madWork('mad 1', 4_500);
  const second = expect(madWork('mad 2')).rejects.toMatchObject({ status: 429 });
  await vi.advanceTimersByTimeAsync(5_000);
  await Promise.all([first, second]);
  const elsewhere = inTurn(turns, other, reply(), work('other', 5_500));
  const third = expect(inTurn(turns, beside, reply(), work('beside', 0))).rejects.toMatchObject({
    status: 503,
  });
  await vi.advanceTimersByTimeAsync(5_500);
  await Promise.all([elsewhere, third]);
});

test('who leaves while it waits is refused (400), and nobody waits behind it', async ({
  turns,
  done,
  work,
  madWork,
}) => {
  const first = madWork('mad 1');
  const gone = reply();
  const left = expect(inTurn(turns, beside, gone, work('left', 100))).rejects.toMatchObject({ status: 400 });
  const next = inTurn(turns, other, reply(), work('other', 20));
  await vi.advanceTimersByTimeAsync(50);
  gone.raw.emit('close');
  await left;
  await vi.advanceTimersByTimeAsync(50 + 20);
  await Promise.all([first, next]);
  expect(done).toEqual(['mad 1', 'other']);
});

test('who has had its turn is not listened to any more', async ({ turns, work, madWork }) => {
  const first = madWork('mad 1');
  const waited = reply();
  const second = inTurn(turns, other, waited, work('other', 20));
  await vi.advanceTimersByTimeAsync(0);
  expect(waited.raw.listenerCount('close')).toBe(1);
  await vi.advanceTimersByTimeAsync(100 + 20);
  await Promise.all([first, second]);
  expect(waited.raw.listenerCount('close')).toBe(0);
});
