import fc from 'fast-check';
import { describe, expect, it as base } from 'vitest';
import { advertisingReport } from '#simulators/air/hci/packets.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createAdvertFilter, forgetEveryMs, repeatEveryMs, type HeardAgain } from './advert-filter.ts';

const ours = Buffer.from('a0b1c2d3', 'hex');

/** One advertising report in an HCI event, in H4 framing. */
const report = (address: number, said: Buffer, { rssi = -60, type = 0 } = {}): Buffer => {
  const body = [0x02, 1, type, 1, address, 0, 0, 0, 0, 0xc0, said.length, ...said, rssi & 0xff];
  return Buffer.from([0x04, 0x3e, body.length, ...body]);
};
const saying = (flag: number): Buffer => Buffer.from([...ours, flag]);

const peerOf = (address: number): string => `c000000000${address.toString(16).padStart(2, '0')}`;

/** Another event that holds the same first report. */
const withAnother = (first: Buffer): Buffer => {
  const both = Buffer.concat([first, first.subarray(5)]);
  both[2] = both.length - 3;
  both[4] = 2;
  return both;
};

const it = base
  .extend('clock', () => new ManualClock())
  .extend('again', (): HeardAgain[] => [])
  .extend('lost', () => new Set<string>())
  .extend('filter', ({ clock, again, lost }) =>
    createAdvertFilter(clock, ours, (heard) => {
      if (!lost.has(heard.peer)) again.push(heard);
      return !lost.has(heard.peer);
    }),
  );

describe('the filter of advertising reports', () => {
  it("leaves out other people's devices", ({ filter }) => {
    expect(filter(report(1, Buffer.from('ffffffff', 'hex')))).toBe(false);
    expect(filter(report(1, saying(1)))).toBe(true);
  });

  it('leaves out what a peer says again, and tells of its strength five times a second', async ({
    clock,
    filter,
    again,
  }) => {
    expect(filter(report(1, saying(1), { rssi: -60 }))).toBe(true);
    expect(filter(report(1, saying(1), { rssi: -40 }))).toBe(false);
    expect(again).toEqual([]);
    await clock.advance(repeatEveryMs);
    expect(filter(report(1, saying(1), { rssi: -41 }))).toBe(false);
    expect(filter(report(1, saying(1), { rssi: -42 }))).toBe(false);
    expect(filter(report(2, saying(1), { rssi: -43 }))).toBe(true);
    await clock.advance(repeatEveryMs);
    expect(filter(report(2, saying(1), { rssi: 127 }))).toBe(false);
    expect(again).toEqual([
      { peer: peerOf(1), rssi: -41 },
      { peer: peerOf(2), rssi: 127 },
    ]);
  });

  it('calls a peer what noble calls it', async ({ clock, filter, again }) => {
    const lock = new ScriptedLock(0x1234);
    for (const rssi of [-60, -61]) {
      filter(advertisingReport(0, lock.address, saying(1), rssi));
      await clock.advance(repeatEveryMs);
    }
    expect(again).toEqual([{ peer: lock.peer, rssi: -61 }]);
  });

  it('lets everything through once a second, for whoever has forgotten it', async ({
    clock,
    filter,
    again,
  }) => {
    const passed: string[] = [];
    for (let ms = 0; ms < 2 * forgetEveryMs; ms += repeatEveryMs) {
      if (filter(report(1, saying(1)))) passed.push(`advertisement ${ms}`);
      if (filter(report(1, saying(1), { type: 4 }))) passed.push(`scan response ${ms}`);
      await clock.advance(repeatEveryMs);
    }
    expect(passed).toEqual([
      'advertisement 0',
      'scan response 0',
      `advertisement ${forgetEveryMs}`,
      `scan response ${forgetEveryMs}`,
    ]);
    expect(again).toHaveLength(8);
  });

  it('lets every change through at once, be it one bit, also the change back', ({ filter }) => {
    const bits = fc.record({ said: fc.uint8Array({ minLength: 1, maxLength: 20 }), bit: fc.nat(159) });
    fc.assert(
      fc.property(bits, fc.constantFrom(0, 2, 3, 4), ({ said, bit }, type) => {
        const changed = Uint8Array.from(said);
        const index = (bit >> 3) % said.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << (bit & 7));
        const [before, after] = [said, changed].map((each) =>
          report(1, Buffer.concat([ours, each]), { type }),
        ) as [Buffer, Buffer];
        filter(before);
        expect([after, after, before, before].map(filter)).toEqual([true, false, true, false]);
      }),
    );
  });

  it('lets a peer through again that has got lost on the way, and what it says when it is scanned', async ({
    clock,
    filter,
    again,
    lost,
  }) => {
    const [advert, response] = [report(1, saying(1)), report(1, saying(1), { type: 4 })];
    const both = (): boolean[] => [filter(advert), filter(response)];
    lost.add(peerOf(1));
    expect(both()).toEqual([true, true]);
    await clock.advance(repeatEveryMs);
    expect(both()).toEqual([true, true]);
    expect(both()).toEqual([false, false]);
    lost.clear();
    await clock.advance(repeatEveryMs);
    expect(both()).toEqual([false, false]);
    expect(again).toEqual([{ peer: peerOf(1), rssi: -60 }]);
  });

  it('lets two that use one address through each time, one of a public and one of a random address', ({
    filter,
  }) => {
    const [random, open] = [report(1, saying(1)), report(1, saying(2))];
    open[6] = 0;
    expect([random, open, random, open].map(filter)).toEqual([true, true, true, true]);
  });

  it('takes an advertisement and its scan response for two things, and two peers for two', ({ filter }) => {
    expect(filter(report(1, saying(1), { type: 0 }))).toBe(true);
    expect(filter(report(1, saying(1), { type: 4 }))).toBe(true);
    expect(filter(report(2, saying(1), { type: 0 }))).toBe(true);
  });

  it('lets a peer through that says the same and takes no connection any more', ({ filter }) => {
    const passed = [0, 3, 3, 0, 0].map((type) => filter(report(1, saying(1), { type })));
    expect(passed).toEqual([true, true, false, true, false]);
  });

  it('leaves several reports in one event to the host, and what was said before them is nothing that is said again', ({
    filter,
  }) => {
    expect(filter(report(1, saying(1)))).toBe(true);
    const other = withAnother(report(1, saying(2)));
    expect([filter(other), filter(other)]).toEqual([true, true]);
    expect(filter(report(1, saying(1)))).toBe(true);
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

  it('leaves a report that was cut short to the host', ({ filter, again }) => {
    const whole = report(1, saying(1));
    for (let length = 4; length < whole.length; length += 1) {
      const cut = whole.subarray(0, length);
      expect([filter(cut), filter(cut)]).toEqual(Array(2).fill(cut.includes(ours)));
    }
    expect(again).toEqual([]);
  });
});
