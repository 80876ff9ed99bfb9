/** A lock that goes on saying what it said: what is told of it, though noble has hardly any of it. The real noble, no adapter. */
import { expect, it as base } from 'vitest';
import { VirtualHciSocket } from '#simulators/air/hci-socket.ts';
import { advertisingReport, commandComplete } from '#simulators/air/hci/packets.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';
import { decodeAdvertisement, type DecodedAdvertisement } from '../link/wire/advertisement.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createAdvertFilter, forgetEveryMs, repeatEveryMs } from './advert-filter.ts';
import { serviceUuid } from './gatt-profile.ts';
import { opcode } from './hci-events.ts';
import { loadNoble } from './load-noble.ts';
import { createNobleRadio } from './noble-radio.ts';

const type = { advertisement: 0, notConnectable: 3, scanResponse: 4 } as const;
const everyMs = 100;
const strong = -40;
const weak = -80;

interface Told {
  readonly rssi: number | null;
  /** As the driver reads it. */
  readonly said: DecodedAdvertisement | null;
}

class SilentAdapter extends VirtualHciSocket {
  override isDevUp(): boolean {
    return true;
  }
}

const it = base
  // The number that a scripted lock ends its advertisement with, so that the two halves agree.
  .extend('lock', () => new ScriptedLock(5))
  .extend('clock', () => new ManualClock())
  .extend('air', ({ clock }, { onCleanup }) => {
    const told: Told[] = [];
    const nobleHad = { packets: 0 };
    const socket = new SilentAdapter(null);
    const loaded = loadNoble(socket);
    if (!loaded.ok) throw new Error(loaded.cause);
    const { noble } = loaded;
    const radio = createNobleRadio({ noble, clock });
    onCleanup(async () => {
      await radio.dispose();
      loaded.dispose();
    });
    radio.advertisements$.subscribe(({ rssi, manufacturerData, serviceData }) =>
      told.push({ rssi, said: decodeAdvertisement(manufacturerData, serviceData) }),
    );
    const wants = createAdvertFilter(clock, Buffer.from(serviceUuid, 'hex').reverse(), radio.heardAgain);
    const say = (packet: Buffer): void => {
      if (!wants(packet)) return;
      nobleHad.packets += 1;
      socket.emit('data', packet);
    };
    return { noble, told, nobleHad, say };
  })
  .extend('noble', ({ air }) => air.noble)
  .extend('told', ({ air }) => air.told)
  .extend('nobleHad', ({ air }) => air.nobleHad)
  .extend('say', ({ air }) => air.say)
  .extend('start', ({ noble, nobleHad, say }) => (): void => {
    say(commandComplete(opcode.reset, 0));
    noble._bindings.emit('stateChange', 'poweredOn');
    nobleHad.packets = 0;
  })
  .extend(
    'advertise',
    ({ lock, say }) =>
      (rssi = strong): void =>
        say(advertisingReport(type.advertisement, lock.address, lock.advertisement().advertising, rssi)),
  )
  .extend(
    'answerScan',
    ({ lock, say }) =>
      (rssi = strong): void =>
        say(advertisingReport(type.scanResponse, lock.address, lock.advertisement().scanResponse, rssi)),
  )
  .extend('goOn', ({ clock, advertise, answerScan }) => async (ms: number, rssi = strong): Promise<void> => {
    for (let passed = 0; passed < ms; passed += everyMs) {
      await clock.advance(everyMs);
      advertise(rssi);
      answerScan(rssi);
    }
  })
  .extend(
    'last',
    ({ told }) =>
      (): Told | undefined =>
        told.at(-1),
  );

it('is told of with the strength of now, five times a second, and noble has its words once', async ({
  lock,
  told,
  nobleHad,
  start,
  advertise,
  answerScan,
  goOn,
}) => {
  start();
  advertise(strong);
  answerScan(strong);
  told.length = 0;
  await goOn(forgetEveryMs - everyMs, weak);
  expect(nobleHad.packets).toBe(2);
  expect(told.map(({ rssi }) => rssi)).toEqual(Array(4).fill(weak));
  expect(told.every(({ said }) => said?.serialNumber === lock.serialNumber)).toBe(true);
});

it.for([
  ['opens', 0x12, { boltOpen: true }],
  ['is tampered with', 0x14, { tamper: true }],
  ['has a low battery', 0x18, { batteryLow: true }],
  ['is provisioned', 0x11, { provisioned: true }],
] as const)(
  'and that it %s is told with the first advertisement that says so',
  async ([_name, flags, change], { lock, start, advertise, goOn, last }) => {
    start();
    await goOn(forgetEveryMs);
    const { said } = last() ?? {};
    lock.setFlags(flags);
    advertise();
    expect(last()?.said).toEqual({ ...said, ...change });
    lock.setFlags(0x10);
    advertise();
    expect(last()?.said).toEqual(said);
    await goOn(repeatEveryMs);
    expect(last()?.said).toEqual(said);
  },
);

it('and that it takes no connection any more is known with the first advertisement that says so', async ({
  lock,
  noble,
  say,
  start,
  advertise,
  goOn,
}) => {
  start();
  await goOn(forgetEveryMs);
  expect(noble._peripherals[lock.peer]?.connectable).toBe(true);
  const { advertising } = lock.advertisement();
  say(advertisingReport(type.notConnectable, lock.address, advertising, strong));
  expect(noble._peripherals[lock.peer]?.connectable).toBe(false);
  advertise();
  expect(noble._peripherals[lock.peer]?.connectable).toBe(true);
});

it('is told of whole while the scan is started anew, in which noble forgets all it heard', async ({
  clock,
  noble,
  told,
  start,
  advertise,
  answerScan,
  goOn,
  last,
}) => {
  start();
  await goOn(repeatEveryMs);
  const { said } = last() ?? {};
  told.length = 0;
  for (let restarts = 0; restarts < 10; restarts += 1) {
    noble.startScanning([serviceUuid], true);
    await goOn(everyMs);
  }
  // Each has its scan between the two halves.
  await clock.advance(repeatEveryMs);
  advertise();
  noble.startScanning([serviceUuid], true);
  answerScan();
  expect(told.length).toBeGreaterThanOrEqual(5);
  expect(told.map((each) => each.said)).toEqual(told.map(() => said));
});

it('is known within two advertisements of a scan that begins while it is heard', async ({
  lock,
  told,
  start,
  goOn,
  last,
}) => {
  await goOn(everyMs);
  expect(told).toEqual([]);
  start();
  await goOn(repeatEveryMs);
  expect(last()?.said?.serialNumber).toBe(lock.serialNumber);
});

it('is known as soon as its scan response arrives, though the first ones were lost', async ({
  lock,
  clock,
  start,
  advertise,
  answerScan,
  last,
}) => {
  start();
  for (let lost = 0; lost < 5; lost += 1) {
    await clock.advance(everyMs);
    advertise();
  }
  expect(last()?.said).toMatchObject({ serialNumber: null });
  answerScan();
  expect(last()?.said?.serialNumber).toBe(lock.serialNumber);
});

it('is told of by no radio that is over', async ({ clock, noble, told, start, advertise, answerScan }) => {
  start();
  advertise();
  answerScan();
  told.length = 0;
  noble._bindings.emit('stateChange', 'poweredOff');
  await clock.advance(repeatEveryMs);
  advertise(weak);
  expect(told).toEqual([]);
});
