import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEnvelopeOrder } from './envelope-order.ts';

describe('envelope order', () => {
  it('drops what is older, repeated, or of a core that is gone', () => {
    const isNewer = createEnvelopeOrder();
    const judge = (epoch: string, sequence: number): boolean => isNewer({ epoch, sequence });
    expect([judge('a', 3), judge('a', 3), judge('a', 2), judge('a', 5)]).toEqual([true, false, false, true]);
    expect([judge('b', 0), judge('a', 6), judge('b', 0), judge('b', 1)]).toEqual([true, false, false, true]);
  });

  it('whatever arrives, what is shown only ever moves forward', () => {
    const envelope = fc.record({ epoch: fc.constantFrom('a', 'b', 'c'), sequence: fc.nat(6) });
    fc.assert(
      fc.property(fc.array(envelope, { maxLength: 40 }), (envelopes) => {
        const isNewer = createEnvelopeOrder();
        const shown = envelopes.filter(isNewer);
        for (const epoch of ['a', 'b', 'c']) {
          const sequences = shown.filter((one) => one.epoch === epoch).map((one) => one.sequence);
          expect(sequences).toEqual([...new Set(sequences)].sort((x, y) => x - y));
        }
        const epochs = shown.map((one) => one.epoch).filter((one, at, all) => one !== all[at - 1]);
        expect(new Set(epochs).size).toBe(epochs.length);
      }),
    );
  });
});
