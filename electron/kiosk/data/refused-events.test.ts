/** Which events the backend has refused: held against a plain set, whatever becomes of the journal. */
import fc from 'fast-check';
import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { createDeliveries } from '../activity/deliveries.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createQuarantine } from './quarantine.ts';
import { openRefusedEvents } from './refused-events.ts';

const note = 'journal.refused';

/** A journal's numbers, its notes, and a disk that can be full. */
const createScene = () => {
  const notes = new Map<string, string>();
  const disk = { isFull: false };
  const file = {
    readNote: (key: string) => notes.get(key) ?? null,
    writeNote: (key: string, value: string) => {
      if (disk.isFull) throw new Error('the disk is full');
      notes.set(key, value);
    },
  };
  const journal = {
    oldest: 1,
    acknowledged: 0,
    sequencesOf: (ids: readonly string[]) => Promise.resolve(ids.map(Number)),
    forgetAcknowledgements: () => {
      journal.acknowledged = 0;
    },
  };
  const open = () => openRefusedEvents({ file, journal, quarantine: createQuarantine(file) });
  return { notes, disk, journal, open };
};

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

type Step =
  | { readonly kind: 'answer'; readonly refused: readonly boolean[]; readonly isFull: boolean }
  | { readonly kind: 'prune' | 'damage'; readonly count: number; readonly isFull: boolean }
  | { readonly kind: 'goBack'; readonly isFull: boolean };
const isFull = fc.boolean();
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('answer' as const),
    refused: fc.array(fc.boolean(), { minLength: 1 }),
    isFull,
  }),
  fc.record({ kind: fc.constantFrom('prune' as const, 'damage' as const), count: fc.nat(6), isFull }),
  fc.record({ kind: fc.constant('goBack' as const), isFull }),
);

it('knows what a plain set knows, over restarts, full disks, restores and numbers that are given twice', async () => {
  const run = async (steps: readonly Step[]): Promise<void> => {
    const { disk, journal, open } = createScene();
    let events = await open();
    let refused = new Set<number>();
    const keep = (isKept: (sequence: number) => boolean): void => {
      refused = new Set([...refused].filter(isKept));
    };
    const isDone = (write: () => void): boolean => {
      try {
        write();
        return true;
      } catch {
        return false;
      }
    };
    for (const one of steps) {
      disk.isFull = one.isFull;
      if (one.kind === 'answer') {
        const from = Math.max(journal.acknowledged + 1, journal.oldest);
        const those = one.refused.flatMap((isRefused, n) => (isRefused ? [from + n] : []));
        if (isDone(() => events.add(those))) {
          for (const sequence of those) refused.add(sequence);
          journal.acknowledged = from + one.refused.length - 1;
        }
      } else if (one.kind === 'prune') {
        journal.oldest = Math.max(journal.oldest, Math.min(journal.oldest + one.count, journal.acknowledged));
        keep((sequence) => sequence >= journal.oldest);
        isDone(() => events.trim());
      } else if (one.kind === 'damage') {
        journal.acknowledged = Math.max(0, journal.acknowledged - one.count);
        // Nothing is left of it: it begins anew.
        if (journal.acknowledged < journal.oldest) Object.assign(journal, { oldest: 1, acknowledged: 0 });
        keep((sequence) => sequence <= journal.acknowledged);
        events = await open();
      } else {
        journal.forgetAcknowledgements();
        keep(() => false);
        isDone(() => events.trim());
      }
      const again = await open();
      disk.isFull = false;
      for (const sequence of numbers(journal.oldest, journal.acknowledged)) {
        expect([events.has(sequence), again.has(sequence)]).toEqual(Array(2).fill(refused.has(sequence)));
      }
      expect(await firstValueFrom(again.count$)).toBe(refused.size);
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), run), { numRuns: 300 });
});

it.each([
  ['one after the other', () => true, 25_000, 20],
  ['every second one', (n: number) => n % 2 === 0, 50_000, 210_000],
])('of 25,000 events that were refused, %s, each is told as that', async (_name, isRefused, sent, size) => {
  const { notes, journal, open } = createScene();
  const first = await open();
  for (let from = 1; from <= sent; from += 500) {
    first.add(numbers(from, from + 499).filter(isRefused));
    journal.acknowledged = from + 499;
  }
  const events = await open();
  expect(await firstValueFrom(events.count$)).toBe(25_000);
  expect(notes.get(note)?.length).toBeLessThan(size);
  const deliveries = await createDeliveries({
    data: { isRefusedEvent: (sequence) => events.has(sequence), acknowledged$: new BehaviorSubject(sent) },
    notes: {
      readNote: () => Promise.resolve(null),
      writeNote: () => Promise.resolve({ ok: true, value: null }),
    },
    clock: new ManualClock(),
  });
  const told = numbers(1, sent + 1).map((sequence) => deliveries.of({ sequence }).state);
  const expected = numbers(1, sent).map((sequence) => (isRefused(sequence) ? 'refused' : 'held'));
  expect(told).toEqual([...expected, 'waiting']);
  await deliveries.dispose();
});

it.each(['nothing', '[1]', '[0,-1]', '{}', '[1.5,2]'])(
  'a note that says %s has the backend asked again',
  async (text) => {
    const { notes, journal, open } = createScene();
    journal.acknowledged = 7;
    notes.set(note, text);
    const events = await open();
    expect([journal.acknowledged, await firstValueFrom(events.count$), notes.get(note)]).toEqual([
      0,
      0,
      '[]',
    ]);
  },
);

it('takes over what a release before has named, and asks again only where its note was full', async () => {
  const name = (id: string, collection = 'accessEvents') => ({ collection, id, problem: 'code' });
  const { notes, journal, open } = createScene();
  journal.acknowledged = 9;
  notes.set('quarantine', JSON.stringify([name('3'), name('a lock', 'locks'), name('5'), name('12')]));
  for (let start = 0; start < 2; start += 1) {
    const events = await open();
    expect(numbers(1, 12).filter((sequence) => events.has(sequence))).toEqual([3, 5]);
    expect([journal.acknowledged, notes.get(note)]).toEqual([9, '[2,1,1,1]']);
    expect(notes.get('quarantine')).not.toContain('accessEvents');
  }
  // What pushed them out of the note may have been anything.
  const full = Array.from({ length: 500 }, (_, n) => name(`${n}`, 'locks'));
  notes.set('quarantine', JSON.stringify(full));
  await open();
  expect(journal.acknowledged).toBe(9);
  notes.delete(note);
  await open();
  expect([journal.acknowledged, notes.get(note)]).toEqual([0, '[]']);
});
