import fc from 'fast-check';
import { describe, expect, it as base } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createAdvertFilter, repeatEveryMs } from './advert-filter.ts';

const ours = Buffer.from('a0b1c2d3', 'hex');

/** One advertising report in an HCI event, in H4 framing. */
const report = (address: number, said: Buffer, { rssi = -60, type = 0 } = {}): Buffer => {
  const body = [0x02, 1, type, 1, address, 0, 0, 0, 0, 0xc0, said.length, ...said, rssi & 0xff];
  return Buffer.from([0x04, 0x3e, body.length, ...body]);
};
const saying = (flag: number): Buffer => Buffer.from([...ours, flag]);

const it = base
  .extend('clock', () => new ManualClock())
  .extend('filter', ({ clock }) => createAdvertFilter(clock, ours));

describe('the filter of advertising reports', () => {
  it("leaves out other people's devices", ({ filter }) => {
    expect(filter(report(1, Buffer.from('ffffffff', 'hex')))).toBe(false);
    expect(filter(report(1, saying(1)))).toBe(true);
  });

  it('leaves out what a peer says again, however strongly, and lets it through for its strength later', async ({
    clock,
    filter,
  }) => {
    expect(filter(report(1, saying(1), { rssi: -60 }))).toBe(true);
    expect(filter(report(1, saying(1), { rssi: -40 }))).toBe(false);
    await clock.advance(repeatEveryMs);
    expect(filter(report(1, saying(1), { rssi: -40 }))).toBe(true);
  });

  it('lets every change through at once, also the change back', ({ filter }) => {
    expect(filter(report(1, saying(1)))).toBe(true);
    expect(filter(report(1, saying(2)))).toBe(true);
    expect(filter(report(1, saying(1)))).toBe(true);
  });

  it('takes an advertisement and its scan response for two things, and two peers for two', ({ filter }) => {
    expect(filter(report(1, saying(1), { type: 0 }))).toBe(true);
    expect(filter(report(1, saying(1), { type: 4 }))).toBe(true);
    expect(filter(report(2, saying(1), { type: 0 }))).toBe(true);
  });

  it('never touches what is no advertising report', ({ filter }) => {
    const other = fc
      .uint8Array({ minLength: 1, maxLength: 80 })
      .map((bytes) => Buffer.from(bytes))
      .filter((packet) => packet[0] !== 0x04 || packet[1] !== 0x3e || packet[3] !== 0x02);
    fc.assert(
      fc.property(other, (packet) => {
        expect([filter(packet), filter(packet)]).toEqual([true, true]);
      }),
    );
  });

  it('takes a report that was cut short as it comes', ({ filter }) => {
    const whole = report(1, saying(1));
    for (let length = 4; length < whole.length; length += 1) {
      expect(() => filter(whole.subarray(0, length))).not.toThrow();
    }
  });
});
