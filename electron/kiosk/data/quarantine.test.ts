import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { createQuarantine } from './quarantine.ts';

const createNotes = () => {
  const notes = new Map<string, string>();
  return {
    readNote: (key: string) => notes.get(key) ?? null,
    writeNote: (key: string, value: string) => void notes.set(key, value),
  };
};
const none: ReadonlySet<string> = new Set();
const bad = (id: string) => ({ id, problem: 'name' });

it('counts each row once, over restarts, until a good one takes its place', async () => {
  const notes = createNotes();
  const first = createQuarantine(notes);
  first.update('locks', [bad('a'), bad('b')], none);
  first.update('locks', [bad('a')], none);
  first.update('staff', [bad('a')], none);
  const again = createQuarantine(notes);
  expect(await firstValueFrom(again.count$)).toBe(3);
  expect(again.rows).toContainEqual({ collection: 'staff', id: 'a', problem: 'name' });
  again.update('locks', [], new Set(['a']));
  expect(createQuarantine(notes).rows.map(({ collection, id }) => `${collection} ${id}`)).toEqual([
    'locks b',
    'staff a',
  ]);
});

it('keeps the newest of a backend that sends nothing but rubbish, and no more than fits', () => {
  const notes = createNotes();
  const quarantine = createQuarantine(notes);
  for (let n = 0; n < 3; n += 1) {
    quarantine.update(
      'locks',
      Array.from({ length: 300 }, (_, index) => bad(`${n} ${index} ${'x'.repeat(5_000)}`)),
      none,
    );
  }
  expect(quarantine.rows.length).toBe(500);
  expect(quarantine.rows.at(-1)?.id).toMatch(/^2 299 x/);
  expect(notes.readNote('quarantine')?.length).toBeLessThan(200_000);
  expect(createQuarantine(notes).rows).toEqual(quarantine.rows);
});

it('of each collection the newest, whatever a backend sends of others', () => {
  const quarantine = createQuarantine(createNotes());
  quarantine.update('enrolments', [bad('mine')], none);
  const rubbish = Array.from({ length: 600 }, (_, n) => bad(`${n}`));
  quarantine.update('locks', rubbish, none);
  quarantine.update('staff', rubbish, none);
  expect(quarantine.rows.length).toBe(1_001);
  expect(quarantine.rows.filter(({ id }) => id === 'mine')).toHaveLength(1);
});

it('hands over the events that a release before has named, and names them no more', () => {
  const notes = createNotes();
  const events = ['a', 'b'].map((id) => ({ collection: 'accessEvents', id, problem: 'code' }));
  const locks = Array.from({ length: 497 }, (_, n) => ({ collection: 'locks', ...bad(`${n}`) }));
  notes.writeNote('quarantine', JSON.stringify([...locks, ...events]));
  const first = createQuarantine(notes);
  expect(first.rows).toEqual(locks);
  expect(first.eventsOfBefore).toMatchObject({ ids: ['a', 'b'], isInPart: false });
  first.eventsOfBefore.drop();
  const again = createQuarantine(notes);
  expect([again.rows.length, again.eventsOfBefore.ids]).toEqual([497, []]);
  notes.writeNote('quarantine', JSON.stringify([...locks, ...events, ...events.slice(1)]));
  expect(createQuarantine(notes).eventsOfBefore.isInPart).toBe(true);
});

it('counts a row once whose id is longer than what is kept of it', () => {
  const quarantine = createQuarantine(createNotes());
  for (let times = 0; times < 3; times += 1) quarantine.update('locks', [bad('x'.repeat(300))], none);
  expect(quarantine.rows).toHaveLength(1);
});
