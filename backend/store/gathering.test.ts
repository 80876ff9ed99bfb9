import { expect, test } from 'vitest';
import { createGathering } from './gathering.ts';

const settled = (all: readonly Promise<unknown>[]): Promise<string[]> =>
  Promise.all(
    all.map((each) =>
      each.then(
        (value) => String(value),
        (failure: unknown) => String(failure),
      ),
    ),
  );

test('who asks while one statement is under way is asked for with the next, no more at once than its most', async () => {
  const put: number[][] = [];
  const ask = createGathering(async (questions: readonly number[]) => {
    put.push([...questions]);
    await new Promise((resolve) => setImmediate(resolve));
    return questions.map((question) => question * 2);
  }, 3);
  const first = ask(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await settled([first, ask(2), ask(3), ask(4), ask(5)])).toEqual(['2', '4', '6', '8', '10']);
  expect(put).toEqual([[1], [2, 3, 4], [5]]);
});

test('what one of them holds fails that one alone; what is the database’s fails all, and the next are asked', async () => {
  const failure = (code: string): Error => Object.assign(new Error(code), { code });
  const ask = createGathering((questions: readonly string[]) => {
    if (questions.includes('bad')) return Promise.reject(failure('22021'));
    if (questions.includes('away')) return Promise.reject(failure('57P01'));
    return Promise.resolve(questions);
  }, 10);
  expect(await settled(['a', 'bad', 'b'].map(ask))).toEqual(['a', 'Error: 22021', 'b']);
  expect(await settled(['a', 'away'].map(ask))).toEqual(['Error: 57P01', 'Error: 57P01']);
  expect(await settled(['a'].map(ask))).toEqual(['a']);
});
