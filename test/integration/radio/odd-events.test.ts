/** What a controller may say, does not know, and fails at: none of it ends what it is not about (Core 5.4, Vol 4 Part E). */
import { describe, expect, it } from 'vitest';
import { opcode, status } from '#simulators/air/hci/codes.ts';
import { commandStatus, disconnectionComplete } from '#simulators/air/hci/packets.ts';
import { echo, patienceMs, patient, refuse, startOddRadio, useOddRadio } from '#support/odd-radio.ts';
import { nextAdvert } from '#support/radio-rig.ts';

useOddRadio();

describe('what a controller may say at any time ends nothing', { timeout: 60_000 }, () => {
  const handle = 0;
  it.each([
    ['a Command Complete without a command', [4, 0x0e, 3, 1, 0, 0]],
    ['a Command Status without a command', [4, 0x0f, 4, 0, 1, 0, 0]],
    ['an Encryption Change that nobody asked for', [4, 0x08, 4, 0, handle, 0, 1]],
    ['an Encryption Key Refresh', [4, 0x30, 3, 0, handle, 0]],
    ['a Number Of Completed Packets for no link', [4, 0x13, 5, 1, 0x99, 0, 1, 0]],
    ['a Data Buffer Overflow', [4, 0x1a, 1, 1]],
    [
      'a Disconnection Complete that failed',
      [...disconnectionComplete(handle, 0)].with(3, status.commandDisallowed),
    ],
    ['an LE Data Length Change', [4, 0x3e, 11, 0x07, handle, 0, 27, 0, 0x48, 1, 27, 0, 0x48, 1]],
    ['an LE Channel Selection Algorithm', [4, 0x3e, 4, 0x14, handle, 0, 1]],
    ['an LE PHY Update Complete', [4, 0x3e, 6, 0x0c, 0, handle, 0, 1, 1]],
    ['an event of a vendor', [4, 0xff, 1, 0]],
    ['an event of a later standard', [4, 0x7f, 0]],
  ])('%s', async (_name, bytes) => {
    const odd = await startOddRadio();
    const link = await odd.connect(odd.locks[0]);
    odd.adapter.say(Buffer.from(bytes));
    await echo(link);
    await link.close();
    await odd.works();
    expect(odd.shown).toEqual(['starting', 'ready']);
    expect(odd.unreadable).toEqual([]);
  });

  it('a Command Complete without a command as its first word, each time that it is opened', async () => {
    const odd = await startOddRadio();
    await odd.until('ready');
    odd.adapter.behave({
      event: (packet) => (packet[1] === 0x0e ? [Buffer.from([4, 0x0e, 3, 1, 0, 0]), packet] : [packet]),
    });
    odd.adapter.cut();
    await odd.until('no_dongle');
    await odd.works();
    expect(odd.shown).toEqual(['starting', 'ready', 'no_dongle', 'ready']);
  });

  it('an event that is too short is left out, and told', async () => {
    const odd = await startOddRadio();
    const link = await odd.connect(odd.locks[0]);
    odd.adapter.say(Buffer.from([4, 0x05, 1, 0]));
    odd.adapter.say(Buffer.from([4, 0x3e, 1, 1]));
    await echo(link);
    expect(odd.unreadable).toEqual([0x05, 0x3e]);
  });
});

it.runIf(process.platform === 'linux')(
  'a lock that asks for other connection parameters is answered, and the link goes on',
  { timeout: 60_000 },
  async () => {
    const odd = await startOddRadio();
    const link = await odd.connect(odd.locks[0]);
    // 100 to 200 ms, no latency, 4 s.
    const asked = [0x12, 7, 8, 0, 80, 0, 160, 0, 0, 0, 0x90, 1];
    odd.adapter.say(Buffer.from([2, 0, 0x20, 16, 0, 12, 0, 5, 0, ...asked]));
    await echo(link);
    const answers = odd.adapter.data.filter((packet) => packet.readUInt16LE(7) === 5);
    expect(answers.map((packet) => packet.subarray(9).toString('hex'))).toEqual(['130702000100']);
    await link.close();
    await odd.works();
  },
);

describe('a controller that fails', { timeout: 60_000 }, () => {
  it('and says so (Hardware Error): links end at once, and it is started anew', async () => {
    const odd = await startOddRadio();
    const link = await odd.connect(odd.locks[0]);
    odd.adapter.say(Buffer.from([4, 0x10, 1, 0x42]));
    expect(await link.closed).toBe('radio_restarted');
    await odd.until('stuck');
    await odd.works();
  });

  it('to disconnect: the link ends for the kiosk, and the lock is let go', async () => {
    let fails = true;
    const odd = await startOddRadio({
      command: ({ opcode: code, parameters }) => {
        if (!fails || code !== opcode.disconnect) return null;
        fails = false;
        const failed = disconnectionComplete(parameters.readUInt16LE(0), 0);
        failed[3] = status.commandDisallowed;
        return [commandStatus(code, 0), failed];
      },
    });
    const link = await odd.connect(odd.locks[0]);
    await link.close();
    await odd.until('stuck');
    await odd.works();
    await expect.poll(() => odd.locks[0].openConnections, { timeout: patienceMs }).toBe(0);
  });

  it('to take a connect, and says so by Command Complete: the answer is there at once', async () => {
    const odd = await startOddRadio({
      command: refuse(({ opcode: code }) => code === opcode.leCreateConnection, 0x0d),
    });
    const began = performance.now();
    await expect(odd.connect(odd.locks[0])).rejects.toMatchObject({ failure: 'link_lost' });
    expect(performance.now() - began).toBeLessThan(patienceMs / 2);
  });
});

describe('a controller that resolves addresses', { timeout: 60_000 }, () => {
  it('names its peer by the identity: the link is the one that was asked for', async () => {
    const isConnection = (packet: Buffer): boolean =>
      packet[1] === 0x3e && packet[3] === 0x01 && packet[4] === 0;
    const odd = await startOddRadio({
      event: (packet) => {
        if (!isConnection(packet)) return [packet];
        const renamed = Buffer.from(packet);
        renamed[8] = 0x02;
        renamed.fill(0x55, 9, 15);
        return [renamed];
      },
    });
    await odd.works();
    expect(odd.shown).toEqual(['starting', 'ready']);
  });
});

describe('what a controller does not know', { timeout: 60_000 }, () => {
  const withStrength =
    (strength: number) =>
    (packet: Buffer): readonly Buffer[] => {
      if (packet[1] !== 0x3e || packet[3] !== 0x02) return [packet];
      const changed = Buffer.from(packet);
      changed[changed.length - 1] = strength & 0xff;
      return [changed];
    };

  it.each([
    [127, null],
    [21, null],
    [126, null],
    [-128, null],
    [20, 20],
    [-127, -127],
  ])('a signal strength of %d is told as %s', async (strength, told) => {
    const odd = await startOddRadio({ event: withStrength(strength) });
    expect((await nextAdvert(odd.radio, odd.locks[0].peer)).rssi).toBe(told);
  });
});

describe('a lock that takes no connection now', { timeout: 60_000 }, () => {
  it.each([
    ['not connectable', 0x03],
    ['scannable only', 0x02],
  ])(
    'and says so (%s): the answer is there at once, and when it takes one again it is connected to',
    async (_name, type) => {
      const odd = await startOddRadio();
      await odd.works();
      odd.adapter.behave({
        event: (packet) => {
          if (packet[1] !== 0x3e || packet[3] !== 0x02 || packet[5] !== 0x00) return [packet];
          const changed = Buffer.from(packet);
          changed[5] = type;
          return [changed];
        },
      });
      for (let heard = 0; heard < 5; heard += 1) await nextAdvert(odd.radio, odd.locks[0].peer);
      await expect(odd.radio.connect(odd.locks[0].peer, patient)).rejects.toMatchObject({
        failure: 'not_connectable',
      });
      odd.adapter.behave({});
      for (let heard = 0; heard < 5; heard += 1) await nextAdvert(odd.radio, odd.locks[0].peer);
      await odd.works();
    },
  );
});
