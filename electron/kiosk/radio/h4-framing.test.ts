import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createH4Deframer, h4 } from './h4-framing.ts';

const event = fc
  .uint8Array({ maxLength: 255 })
  .map((body) => Buffer.from([h4.event, 0x3e, body.length, ...body]));
const acl = fc
  .uint8Array({ maxLength: 600 })
  .map((body) => Buffer.from([h4.acl, 0x40, 0x20, body.length & 0xff, body.length >> 8, ...body]));

const cut = (stream: Buffer, sizes: readonly number[]): Buffer[] => {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (let index = 0; offset < stream.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    chunks.push(stream.subarray(offset, offset + size));
    offset += size;
  }
  return chunks;
};

describe('the H4 deframer', () => {
  it('gives the packets back however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(event, acl), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 10 }),
        (packets, sizes) => {
          const found: Buffer[] = [];
          const feed = createH4Deframer((packet) => found.push(packet));
          for (const chunk of cut(Buffer.concat(packets), sizes)) expect(feed(chunk)).toBe(true);
          expect(found).toEqual(packets);
        },
      ),
    );
  });

  it('never throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        const feed = createH4Deframer(() => undefined);
        for (const chunk of chunks) feed(Buffer.from(chunk));
      }),
    );
  });

  it('says so when the stream is no H4', () => {
    expect(createH4Deframer(() => undefined)(Buffer.from('GET / HTTP/1.1\r\n'))).toBe(false);
  });
});
