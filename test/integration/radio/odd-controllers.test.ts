/** Controllers that don't scan, and small ones, and the radio that tells the truth about each (Core 5.4, Vol 4 Part E). */
import { describe, expect, it } from 'vitest';
import { systemClock } from '#kiosk/platform/clock.ts';
import { delay } from '#simulators/delay.ts';
import { opcode, status } from '#simulators/air/hci/codes.ts';
import { commandComplete, commandStatus, type Command } from '#simulators/air/hci/packets.ts';
import {
  echo,
  patienceMs,
  patient,
  refuse,
  startOddRadio,
  useOddRadio,
  type OddRadio,
} from '#support/odd-radio.ts';
import { nextAdvert } from '#support/radio-rig.ts';

useOddRadio();

const none = { commands: 0, packets: 0, tooLong: 0 };
const pass = (ms: number): Promise<void> => delay(systemClock, ms);

const isScanStart = ({ opcode: code, parameters }: Command): boolean =>
  code === opcode.leSetScanEnable && parameters[0] === 1;
/** Each try begins with a reset. */
const triesOf = (odd: OddRadio): number =>
  odd.adapter.commands.filter((code) => code === opcode.reset).length;
/** Until it was tried so often; the last try may be under way. */
const tried = (odd: OddRadio, times: number): Promise<void> =>
  expect.poll(() => triesOf(odd), { timeout: patienceMs }).toBeGreaterThanOrEqual(times);

describe('a controller that does not scan', { timeout: 60_000 }, () => {
  it.each([0x0c, 0x03, 0x07, 0x11, 0x1f])(
    'refuses the start with %d: "works" is never said',
    async (code) => {
      const odd = await startOddRadio({ command: refuse(isScanStart, code) });
      await tried(odd, 4);
      expect(odd.shown).toEqual(['starting', 'stuck']);
    },
  );

  it('refuses every command of a scan: "works" is never said, nothing flickers, and it is asked less and less often', async () => {
    const isScan = ({ opcode: code }: Command): boolean =>
      code === opcode.leSetScanEnable || code === opcode.leSetScanParameters;
    const odd = await startOddRadio({ command: refuse(isScan) });
    await tried(odd, 6);
    // By now the pause is the longest, less a fifth. However much longer than that this takes, there are no more tries in it.
    const [before, began] = [triesOf(odd), performance.now()];
    await pass(3_000);
    expect(triesOf(odd) - before).toBeLessThanOrEqual(1 + (performance.now() - began) / 800);
    expect(odd.shown).toEqual(['starting', 'stuck']);
    odd.adapter.behave({});
    await odd.until('ready');
    await odd.works();
  });

  it('refuses by Command Status: the same', async () => {
    const odd = await startOddRadio({
      command: (command) => (isScanStart(command) ? [commandStatus(command.opcode, 0x0c)] : null),
    });
    await tried(odd, 4);
    expect(odd.shown).toEqual(['starting', 'stuck']);
  });

  it('refuses until it is reset: the radio is back by itself', async () => {
    let ill = false;
    const odd = await startOddRadio({
      command: (command) => {
        if (command.opcode === opcode.reset) ill = false;
        return ill && isScanStart(command) ? [commandComplete(command.opcode, 0x0c)] : null;
      },
    });
    await odd.until('ready');
    ill = true;
    await odd.until('stuck');
    await odd.works();
    expect(odd.shown).toEqual(['starting', 'ready', 'stuck', 'ready']);
  });

  it('refuses only while it is connected: the link lives, "listening" is not said, and afterwards it listens again', async () => {
    let linked = false;
    const odd = await startOddRadio({
      command: (command) => (linked && isScanStart(command) ? [commandComplete(command.opcode, 0x0c)] : null),
    });
    const heard: boolean[] = [];
    odd.radio.listening$.subscribe((listens) => heard.push(listens));
    await nextAdvert(odd.radio, odd.locks[0].peer);
    const link = await odd.radio.connect(odd.locks[0].peer, {
      ...patient,
      onConnected: () => (linked = true),
    });
    await pass(3_000);
    await echo(link);
    expect(heard.at(-1)).toBe(false);
    linked = false;
    await link.close();
    await nextAdvert(odd.radio, odd.locks[1].peer);
    expect(heard.at(-1)).toBe(true);
    expect(odd.shown).toEqual(['starting', 'ready']);
  });
});

describe('a small controller', { timeout: 60_000 }, () => {
  it.each([1, 2, 4])(
    'with room for %d commands and packets of 27 bytes, 2 at a time, is never overrun',
    async (room) => {
      const odd = await startOddRadio(
        {},
        { commandBuffers: room, settings: { aclLength: 27, aclBuffers: 2 } },
      );
      await odd.works();
      const [one, other] = await Promise.all([odd.connect(odd.locks[0]), odd.connect(odd.locks[1])]);
      await Promise.all([echo(one), echo(other)]);
      expect(odd.store.controller.overruns()).toEqual(none);
      expect(odd.shown).toEqual(['starting', 'ready']);
    },
  );

  it('has no room for commands until it says so by itself', async () => {
    let waits: Buffer | null = null;
    const odd = await startOddRadio({
      event: (packet) => {
        if (packet[1] !== 0x0e && packet[1] !== 0x0f) return [packet];
        waits = Buffer.from(packet);
        waits[packet[1] === 0x0e ? 3 : 4] = 0;
        setImmediate(() => odd.adapter.say(Buffer.from([4, 0x0e, 3, 1, 0, 0])));
        return [waits];
      },
    });
    await odd.works();
    expect(waits).not.toBeNull();
    expect(odd.store.controller.overruns()).toEqual(none);
  });

  it('that fails to connect, with a live link on handle 0, is not sent more packets than it holds', async () => {
    // One packet at a meeting: the two that are out are not acknowledged together.
    const odd = await startOddRadio({}, { settings: { aclBuffers: 2, packetsPerEvent: 1 } });
    const [near, dead] = odd.locks;
    await nextAdvert(odd.radio, dead.peer);
    const link = await odd.connect(near);
    odd.store.vanishLock(dead.serialNumber);
    const connecting = odd.radio.connect(dead.peer, { timeoutMs: 300 });
    const talk = { goesOn: true };
    const talking = (async () => {
      while (talk.goesOn) await link.send(new Uint8Array(20), patient);
    })();
    await expect(connecting).rejects.toMatchObject({ failure: 'timeout' });
    await pass(1_000);
    talk.goesOn = false;
    await talking;
    expect(odd.store.controller.overruns()).toEqual(none);
  });

  it.each([
    ['has no buffers for Low Energy alone', [opcode.leReadBufferSize]],
    ['does not tell of any', [opcode.leReadBufferSize, opcode.readBufferSize]],
  ])('that %s is talked to all the same', async (_name, refused: readonly number[]) => {
    const odd = await startOddRadio({
      command: refuse(({ opcode: code }) => refused.includes(code), status.unknownCommand),
    });
    await odd.works();
    expect(odd.shown).toEqual(['starting', 'ready']);
  });

  it('that does not tell its address opens links all the same', async () => {
    const odd = await startOddRadio({
      command: refuse(({ opcode: code }) => code === opcode.readAddress, status.unknownCommand),
    });
    await odd.works();
    expect(odd.shown).toEqual(['starting', 'ready']);
  });
});
