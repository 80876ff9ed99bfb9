import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { journalHashInput } from '#shared/models/journal-hash.ts';
import { emptyJournal, judgeEvents, noCut, type JournalHead, type JournalState } from './journal-check.ts';

const kioskId = randomUUID();

const eventAfter = (head: JournalHead, at = 1): AccessEvent => {
  const rest = {
    eventId: randomUUID(),
    kioskId,
    sequence: head.sequence + 1,
    at,
    kind: 'unlocked' as const,
    staffId: null,
    serialNumber: null,
    attemptId: null,
    errorCode: null,
    offline: false,
    stageMs: { find: 3 },
    previousHash: head.hash,
  };
  return { ...rest, hash: createHash('sha256').update(journalHashInput(rest)).digest('hex') };
};

const chain = (length: number): AccessEvent[] => {
  const events: AccessEvent[] = [];
  for (let head: JournalHead = emptyJournal; events.length < length; head = events.at(-1)!)
    events.push(eventAfter(head));
  return events;
};

const none = (): [] => [];
const standing = ({ sequence, hash }: JournalHead): JournalState => ({ sequence, hash, ...noCut });
const verdicts = (
  events: AccessEvent[],
  head = emptyJournal,
  storedAt: (n: number) => readonly AccessEvent[] = none,
) => judgeEvents(events, head, storedAt).judged.map((each) => each.verdict);

describe('the journal as it arrives', () => {
  test('a whole chain is chained, in whatever batches it comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 }), (length, cut) => {
        const events = chain(length);
        const first = judgeEvents(events.slice(0, cut), emptyJournal, none);
        const stored = new Map(events.slice(0, cut).map((event) => [event.sequence, [event]]));
        const second = judgeEvents(events.slice(cut), first.head, (n) => stored.get(n) ?? []);
        expect([...first.judged, ...second.judged].map((each) => each.verdict)).toEqual(
          Array.from({ length }, () => 'chained'),
        );
        expect(second.head.hash).toBe(events.at(-1)!.hash);
      }),
    );
  });

  test('a missing event is a gap, once, and what follows is chained to what came', () => {
    const [first, , third, fourth] = chain(4);
    expect(verdicts([first!, third!, fourth!])).toEqual(['chained', 'gap', 'chained']);
  });

  test('a changed event is a mismatch', () => {
    const [first] = chain(1);
    expect(verdicts([{ ...first!, at: 99 }])).toEqual(['mismatch']);
  });

  test('another event in a place that is taken is a fork, once, and what follows it is chained to it', () => {
    const [first, second] = chain(2);
    const other = eventAfter(first!, 2);
    expect(verdicts([first!, second!, other, eventAfter(other)])).toEqual([
      'chained',
      'chained',
      'fork',
      'chained',
    ]);
    expect(
      verdicts([other], standing(second!), (n) => (n === 1 ? [first!] : n === 2 ? [second!] : [])),
    ).toEqual(['fork']);
  });

  test('a journal that begins again is a restart, once, and goes on as a chain of its own', () => {
    const [first, second, third] = chain(3);
    const again = eventAfter(emptyJournal, 2);
    const { judged, head } = judgeEvents([again, eventAfter(again)], standing(third!), (n) =>
      [first!, second!, third!].filter(({ sequence }) => sequence === n),
    );
    expect(judged.map(({ verdict }) => verdict)).toEqual(['restart', 'chained']);
    expect(head.sequence).toBe(2);
  });

  test('an event that follows another past is a fork', () => {
    const [first] = chain(1);
    const elsewhere = eventAfter({ sequence: 1, hash: 'f'.repeat(64) });
    expect(verdicts([first!, elsewhere])).toEqual(['chained', 'fork']);
  });
});

describe('a journal whose beginning was removed for its age', () => {
  const [first, second, third, ...others] = chain(6);
  const [fourth] = others;
  /** The first three are gone; the third is left as an anchor. */
  const cut: JournalState = { ...standing(others.at(-1)!), cut: 3, cutAt: 100, cutFirst: first!.hash };
  const stored = (sequence: number) => [
    ...others.filter((each) => each.sequence === sequence),
    ...(sequence === 3 ? [{ sequence, hash: third!.hash, previousHash: null }] : []),
  ];
  const judge = (...events: AccessEvent[]) => {
    const { judged, old, head } = judgeEvents(events, cut, stored);
    return { verdicts: judged.map(({ verdict }) => verdict), old: old.length, cut: head.cut };
  };

  test('takes what is told again for old, and stores it no more', () => {
    expect(judge(first!, second!, third!)).toEqual({ verdicts: [], old: 3, cut: 3 });
    expect(judge(second!)).toEqual({ verdicts: [], old: 1, cut: 3 });
  });

  test('goes on from its anchor', () => {
    const { judged } = judgeEvents([fourth!], { ...cut, ...third! }, (n) => (n === 3 ? stored(3) : []));
    expect(judged.map(({ verdict }) => verdict)).toEqual(['chained']);
    const elsewhere = eventAfter({ sequence: 3, hash: 'f'.repeat(64) });
    expect(judge(elsewhere).verdicts).toEqual(['fork']);
  });

  test('keeps what is younger than what was removed: a copy of the kiosk goes another way', () => {
    expect(judge(eventAfter(first!, 101))).toEqual({ verdicts: ['fork'], old: 0, cut: 3 });
  });

  test('that begins again has no cut any more', () => {
    const again = eventAfter(emptyJournal, 50);
    expect(judge(again, eventAfter(again, 51))).toEqual({ verdicts: ['restart', 'chained'], old: 0, cut: 0 });
  });

  test('takes a beginning that comes only now, as old as what was removed, for its own; a younger one begins again', () => {
    const late = (event: AccessEvent) => {
      const { judged, old } = judgeEvents([event], { ...cut, cutFirst: null }, stored);
      return [...judged.map(({ verdict }) => verdict), old.length];
    };
    expect(late(first!)).toEqual([1]);
    expect(late(eventAfter(emptyJournal, 101))).toEqual(['restart', 0]);
  });

  test('says of a changed event that it was changed', () => {
    expect(judge({ ...second!, at: 7 }).verdicts).toEqual(['mismatch']);
  });
});
