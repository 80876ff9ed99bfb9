import { describe, expect, it } from 'vitest';
import { answered, failed, type Answer } from './answer.ts';
import { bytesPerRequest, createBatches } from './batch.ts';

const rowsOf = (count: number, size: number): string[] =>
  Array.from({ length: count }, () => 'x'.repeat(size));

describe('a batch', () => {
  it('is measured in bytes, and has one row at least', async () => {
    const batches = createBatches();
    const sizes: number[] = [];
    const send = (some: readonly string[]): Promise<Answer<null>> => {
      sizes.push(some.length);
      return Promise.resolve(answered(null));
    };
    await batches.send(rowsOf(500, 600), send);
    await batches.send(rowsOf(500, 30_000), send);
    await batches.send(rowsOf(3, 2 * bytesPerRequest), send);
    expect(sizes).toEqual([500, 29, 1]);
  });

  it.each([
    [128_000, 600],
    [64_000, 600],
    [700, 600],
  ])('that is too large for a gateway of %i bytes is halved until it gets through', async (limit, size) => {
    const batches = createBatches();
    let left = rowsOf(300, size);
    let requests = 0;
    while (left.length > 0) {
      const sent = await batches.send(left, (some) => {
        requests += 1;
        const isTooLarge = JSON.stringify(some).length > limit;
        return Promise.resolve(isTooLarge ? failed({ kind: 'too_large' }) : answered(null));
      });
      if (!sent.ok) throw new Error('a single row gets through');
      left = left.slice(sent.value.sent.length);
    }
    // What was learnt once is not tried again.
    expect(requests).toBeLessThan(300 / Math.max(1, Math.floor(limit / 2 / size)) + 12);
  });

  it('of one row that is refused is given up, and so is any that is refused for another reason', async () => {
    const problem = { kind: 'too_large' } as const;
    const batches = createBatches();
    expect(await batches.send(rowsOf(4, 10), () => Promise.resolve(failed(problem)))).toEqual(
      failed(problem),
    );
    let tries = 0;
    const silent = await createBatches().send(rowsOf(4, 10), () => {
      tries += 1;
      return Promise.resolve(failed({ kind: 'silent' }));
    });
    expect([silent, tries]).toEqual([failed({ kind: 'silent' }), 1]);
  });
});
