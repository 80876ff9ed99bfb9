import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventReader } from './event-stream.ts';

const text =
  ': hello\n\nevent: resync\ndata: {}\n\n: keep-alive\n\nevent:resync\r\ndata:{}\r\n\r\ndata: x\n\nevent: nothing\n\n';

describe('the reader of server-sent events', () => {
  it('names each complete event once, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length)), (cuts) => {
        const reader = createEventReader();
        const places = [0, ...[...cuts].sort((a, b) => a - b), text.length];
        const events = places.slice(1).flatMap((end, index) => reader.feed(text.slice(places[index], end)));
        expect(events).toEqual(['resync', 'resync', 'message']);
      }),
    );
  });

  it('drops a line that does not end', () => {
    const reader = createEventReader();
    for (let count = 0; count < 100; count += 1) expect(reader.feed('x'.repeat(10_000))).toEqual([]);
    expect(reader.feed('\n\nevent: resync\ndata:\n\n')).toEqual(['resync']);
  });
});
