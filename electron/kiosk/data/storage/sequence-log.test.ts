import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSequenceLog } from './sequence-log.ts';

describe('the sequence log', () => {
  it('answers like a plain list of last changes', () => {
    const change = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      forget: fc.boolean(),
      gap: fc.integer({ min: 1, max: 3 }),
    });
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 400 }),
        fc.nat(600),
        fc.integer({ min: 1, max: 9 }),
        (changes, since, limit) => {
          const log = createSequenceLog();
          const model = new Map<string, number>();
          let sequence = 0;
          for (const { id, forget, gap } of changes) {
            if (forget) {
              log.forget(id);
              model.delete(id);
            } else {
              sequence += gap;
              log.record(id, sequence);
              model.set(id, sequence);
            }
          }
          const expected = [...model]
            .map(([id, at]) => ({ id, sequence: at }))
            .filter((entry) => entry.sequence > since)
            .sort((a, b) => a.sequence - b.sequence)
            .slice(0, limit);
          expect(log.since(since, limit)).toEqual(expected);
          expect([...log.ids()].sort()).toEqual([...model.keys()].sort());
        },
      ),
    );
  });

  it('refuses a number that does not grow', () => {
    const log = createSequenceLog();
    log.record('a', 2);
    expect(() => log.record('b', 2)).toThrow(RangeError);
  });
});
