import { describe, expect, it } from 'vitest';
import * as scene from '#support/store-scene.ts';
import { addedToday, isFinished, listedForMs, queueList, type Enrolment } from './queue-list.ts';

const now = scene.sceneNow;
const one = (n: number, state: Enrolment['state'], changedAt = now - 60_000): Enrolment => {
  const [first] = scene.enrolments().enrolments;
  if (!first) throw new Error('an empty queue');
  return { ...first, enrolmentId: scene.idOf(n), state, changedAt, capturedAt: now - n * 60_000 };
};
const idsOf = (enrolments: readonly Enrolment[], seen: readonly Enrolment[] = [], at = now): string[] =>
  queueList(enrolments, new Set(seen.map(({ enrolmentId }) => enrolmentId)), at).listed.map(
    ({ enrolmentId }) => enrolmentId,
  );

describe('what is being added', () => {
  const going = (['captured', 'submitted', 'registered', 'refused', 'uncertain'] as const).map((state, at) =>
    one(at + 1, state, now - 30 * listedForMs),
  );
  const finished = (['provisioned', 'conflicted', 'abandoned'] as const).map((state, at) =>
    one(at + 11, state),
  );

  it('lists what goes on, or waits for somebody, however old it is and however often it was seen', () => {
    expect(idsOf(going, going)).toEqual(going.map(({ enrolmentId }) => enrolmentId));
    expect(going.some(isFinished)).toBe(false);
  });

  it('lists what is finished until it was seen, or for a day', () => {
    expect(idsOf(finished)).toHaveLength(3);
    expect(finished.every(isFinished)).toBe(true);
    expect(idsOf(finished, finished.slice(0, 2))).toEqual([scene.idOf(13)]);
    expect(idsOf(finished, [], now + listedForMs)).toEqual([]);
  });

  it('counts what was finished today, seen or not, and nothing of another day', () => {
    const yesterday = one(21, 'provisioned', now - 15 * 60 * 60_000);
    const { today } = queueList([...going, ...finished, one(22, 'provisioned'), yesterday], new Set(), now);
    expect(today).toEqual({ provisioned: 2, conflicted: 1, abandoned: 1 });
    const serialsOf = (...enrolments: Enrolment[]): string[] => [
      ...addedToday({ enrolments, groups: [] }, now),
    ];
    expect(serialsOf(...going, ...finished, yesterday)).toHaveLength(1);
    expect(serialsOf(...going, yesterday)).toEqual([]);
  });
});
