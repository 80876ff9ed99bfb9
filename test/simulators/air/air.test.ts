import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { createAir, type Air } from './air.ts';
import type { Controller } from './controller.ts';
import { createHostDeframer } from './h4-framing.ts';
import { opcode, packetType, status } from './hci/codes.ts';
import { addressBytes, u16 } from './hci/packets.ts';
import { rssiAt } from './propagation.ts';

let air: Air;
const clock = new ManualClock();
afterEach(() => air.dispose());

const lockAddress = 'c0:00:00:00:00:01';

const command = (code: number, parameters: Uint8Array = new Uint8Array()): Buffer =>
  Buffer.concat([Buffer.from([packetType.command]), u16(code), Buffer.from([parameters.length]), parameters]);

/** A host by hand: keeps what its controller tells it. */
const host = (address: string, distance = 0): { controller: Controller; heard: Buffer[] } => {
  const controller = air.attachController({ address, distance });
  const heard: Buffer[] = [];
  controller.onPacket((packet) => heard.push(packet));
  return { controller, heard };
};

const createConnection = (address: string): Buffer => {
  const parameters = Buffer.alloc(25);
  addressBytes(address).copy(parameters, 6);
  parameters.writeUInt16LE(100, 19);
  return command(opcode.leCreateConnection, parameters);
};

const isReport = (packet: Buffer): boolean => packet[1] === 0x3e && packet[3] === 0x02;
const isConnection = (packet: Buffer): boolean => packet[1] === 0x3e && packet[3] === 0x01;
const isData = (packet: Buffer): boolean => packet[0] === packetType.acl;
const handleOf = (packets: readonly Buffer[]): number => packets.find(isConnection)!.readUInt16LE(5);

const pair = async (): Promise<{ kiosk: ReturnType<typeof host>; lock: ReturnType<typeof host> }> => {
  const kiosk = host('02:00:00:00:00:01');
  const lock = host(lockAddress, 2);
  lock.controller.receive(command(opcode.leSetAdvertisingEnable, Uint8Array.of(1)));
  kiosk.controller.receive(createConnection(lockAddress));
  for (let step = 0; step < 30; step += 1) await clock.advance(10);
  return { kiosk, lock };
};

const data = (handle: number, body: number): Buffer =>
  Buffer.concat([Buffer.from([packetType.acl]), u16(handle), u16(1), Buffer.from([body])]);

const sendAll = async (loss: number, count: number): Promise<number[]> => {
  air = createAir({ clock, random: seededRandom(5), settings: { loss } });
  const { kiosk, lock } = await pair();
  const handle = handleOf(kiosk.heard);
  for (let body = 0; body < count; body += 1) kiosk.controller.receive(data(handle, body));
  for (let step = 0; step < 400; step += 1) await clock.advance(10);
  return lock.heard.filter(isData).map((packet) => packet[5] ?? -1);
};

describe('the air', () => {
  it('is heard in range only', async () => {
    air = createAir({ clock, random: seededRandom(1) });
    const kiosk = host('02:00:00:00:00:01');
    const lock = host(lockAddress, 29);
    lock.controller.receive(command(opcode.leSetAdvertisingEnable, Uint8Array.of(1)));
    kiosk.controller.receive(command(opcode.leSetScanEnable, Uint8Array.of(1, 0)));
    for (let step = 0; step < 30; step += 1) await clock.advance(10);
    expect(kiosk.heard.filter(isReport).length).toBeGreaterThan(0);
    air.move(lockAddress, 31);
    await clock.advance(0);
    kiosk.heard.length = 0;
    for (let step = 0; step < 30; step += 1) await clock.advance(10);
    expect(kiosk.heard.filter(isReport)).toEqual([]);
  });

  it('brings every packet once and in order, whatever is lost', async () => {
    const expected = Array.from({ length: 40 }, (_, index) => index);
    expect(await sendAll(0, 40)).toEqual(expected);
    expect(await sendAll(0.3, 40)).toEqual(expected);
  });

  it('ends a link in silence when one side vanishes, and the other hears of it after its supervision', async () => {
    air = createAir({ clock, random: seededRandom(1) });
    const { kiosk } = await pair();
    const handle = handleOf(kiosk.heard);
    air.vanish(lockAddress);
    for (let step = 0; step < 120; step += 1) await clock.advance(10);
    const ended = kiosk.heard.find((packet) => packet[1] === 0x05)!;
    expect(ended.readUInt16LE(4)).toBe(handle);
    expect(ended[6]).toBe(status.connectionTimeout);
  });

  it('keeps a link that is out of earshot for a moment', async () => {
    air = createAir({ clock, random: seededRandom(1) });
    const { kiosk, lock } = await pair();
    air.vanish(lockAddress);
    for (let step = 0; step < 50; step += 1) await clock.advance(10);
    air.appear(lockAddress);
    kiosk.controller.receive(data(handleOf(kiosk.heard), 7));
    for (let step = 0; step < 20; step += 1) await clock.advance(10);
    expect(lock.heard.filter(isData).map((packet) => packet[5])).toEqual([7]);
  });

  it('answers junk from a host with nothing worse than an error', async () => {
    air = createAir({ clock, random: seededRandom(1) });
    const { controller, heard } = host('02:00:00:00:00:01');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => controller.receive(bytes)),
      { numRuns: 2_000 },
    );
    controller.receive(command(opcode.reset));
    controller.receive(command(0xfc00));
    for (let turn = 0; turn < 200; turn += 1) await clock.advance(0);
    expect(heard.at(-1)?.[6]).toBe(status.unknownCommand);
  });
});

describe('signal strength', () => {
  it('falls with distance', () => {
    const random = seededRandom(1);
    const levels = [0.3, 1, 3, 10, 30].map((metres) => rssiAt(metres, 0, random));
    expect(levels).toEqual([-40, -52, -63, -75, -86]);
  });
});

describe('the H4 port', () => {
  it('drops what is no H4, and never throws', () => {
    air = createAir({ clock, random: seededRandom(1) });
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
        let broken = 0;
        const feed = createHostDeframer(
          () => undefined,
          () => (broken += 1),
        );
        for (const chunk of chunks) feed(Buffer.from(chunk));
        expect(broken).toBeLessThan(2);
      }),
    );
  });
});
