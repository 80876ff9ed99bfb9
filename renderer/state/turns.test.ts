import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

it('one at a time, in the order of asking', async () => {
  const turns = createTurns();
  const came: string[] = [];
  const take = (name: string) => {
    const turn = turns.take();
    void turn.comes.then((comes) => came.push(`${name} ${comes ? 'comes' : 'is given up'}`));
    return turn;
  };
  const first = take('first');
  const second = take('second');
  const third = take('third');
  await first.comes;
  await Promise.resolve();
  expect(came).toEqual(['first comes']);
  second.end();
  expect(await second.comes).toBe(false);
  first.end();
  first.end();
  expect(await third.comes).toBe(true);
  await Promise.resolve();
  expect(came).toEqual(['first comes', 'second is given up', 'third comes']);
});

it('gives up all that wait, and whoever asks next waits for the one that goes on', async () => {
  const turns = createTurns();
  const atWork = turns.take();
  const waiting = [turns.take(), turns.take()];
  expect(turns.clear()).toBe(2);
  expect(await Promise.all(waiting.map(({ comes }) => comes))).toEqual([false, false]);
  const next = turns.take();
  expect(await atWork.comes).toBe(true);
  atWork.end();
  expect(await next.comes).toBe(true);
});
