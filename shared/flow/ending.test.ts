import { expect, test } from 'vitest';
import { createEnding, type Ending } from './ending.ts';

/** An ending whose time runs out when told to, and what it says. */
const createWatched = (): { ending: Ending; seen: string[]; left: unknown[]; runOut: () => void } => {
  const due = new Set<() => void>();
  const left: unknown[] = [];
  const timer = {
    after: (_ms: number, task: () => void) => {
      due.add(task);
      return () => due.delete(task);
    },
  };
  const ending = createEnding({ timer, eachMs: 10, onLeftBehind: (each) => left.push(each) });
  return { ending, seen: [], left, runOut: () => due.forEach((task) => task()) };
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('what was begun last ends first, and each waits for the one before', async () => {
  const { ending, seen } = createWatched();
  ending.adopt('data', { dispose: () => seen.push('data') });
  ending.defer('radio', async () => {
    await turn();
    seen.push('radio');
  });
  ending.defer('page', () => seen.push('page'));
  expect(await ending.end()).toEqual([]);
  expect(seen).toEqual(['page', 'radio', 'data']);
});

test('a part that fails, throws or hangs is left behind, and the others end', async () => {
  const { ending, seen, left, runOut } = createWatched();
  ending.defer('data', () => seen.push('data'));
  ending.defer('vault', () => {
    throw new TypeError('at once');
  });
  ending.defer('disk', () => Promise.reject(new Error('gone')));
  ending.defer('radio', () => new Promise(() => seen.push('radio')));
  const ended = ending.end();
  await turn();
  expect(seen).toEqual(['radio']);
  runOut();
  expect(await ended).toEqual(left);
  expect(seen).toEqual(['radio', 'data']);
  expect(left).toMatchObject([
    { part: 'radio', outcome: 'too late' },
    { part: 'disk', outcome: 'failed', thrown: 'Error' },
    { part: 'vault', outcome: 'failed', thrown: 'TypeError' },
  ]);
});

test('it ends once, and what is begun after that is ended at once', async () => {
  const { ending, seen } = createWatched();
  ending.defer('data', () => seen.push('data'));
  await Promise.all([ending.end(), ending.end()]);
  ending.defer('page', () => seen.push('page'));
  await ending.end();
  expect(seen).toEqual(['data', 'page']);
});

test('what is begun while all else ends is ended at once, and waited for by whoever waits for the end', async () => {
  const { ending, seen } = createWatched();
  ending.defer('data', async () => {
    await turn();
    await turn();
    seen.push('data');
  });
  const ended = ending.end();
  ending.defer('page', async () => {
    seen.push('page begins to end');
    await turn();
    await turn();
    await turn();
    seen.push('page');
  });
  await ended;
  expect(seen).toEqual(['page begins to end', 'data', 'page']);
});

test('a part that begins another in its end, or waits for all, finds the end begun', async () => {
  const { ending, seen, left, runOut } = createWatched();
  ending.defer('data', () => seen.push('data'));
  ending.defer('page', async () => {
    ending.defer('farewell', () => seen.push('farewell'));
    await ending.end();
    seen.push('page');
  });
  const ended = ending.end();
  expect(seen).toEqual(['farewell']);
  await turn();
  runOut();
  await ended;
  expect(left).toEqual([{ part: 'page', outcome: 'too late' }]);
  expect(seen).toEqual(['farewell', 'data', 'page']);
});

test('a beginning that is through hands on what it had begun', async () => {
  const { ending, seen } = createWatched();
  const begin = async (): Promise<Ending> => {
    await using begun = ending;
    begun.defer('data', () => seen.push('data'));
    await turn();
    return begun.move();
  };
  const running = await begin();
  expect(seen).toEqual([]);
  await running.end();
  expect(seen).toEqual(['data']);
});

test('a beginning that breaks off ends what it had begun', async () => {
  const { ending, seen } = createWatched();
  const begin = async (): Promise<void> => {
    await using begun = ending;
    begun.defer('data', () => seen.push('data'));
    await turn();
    throw new Error('broke');
  };
  await expect(begin()).rejects.toThrow('broke');
  expect(seen).toEqual(['data']);
});
