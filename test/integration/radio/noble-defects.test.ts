/** What is wrong with noble 1.9.2-26, shown on noble as it is, and the kiosk's radio living with it. Links and scanning. */
import { once } from 'node:events';
import { filter, firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { characteristicUuids, serviceUuid } from '#kiosk/radio/gatt-profile.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import type { NobleCharacteristic, NoblePeripheral } from '#kiosk/radio/noble-types.ts';
import { createRadioRig, discoverRaw, isPending, nextAdvert, type RadioRig } from '#support/radio-rig.ts';
import { latchpointAdvert } from '#support/scripted-lock.ts';

let rig: RadioRig;
afterEach(() => rig.dispose());

const shortSupervision = { minInterval: 6, maxInterval: 24, latency: 0, timeout: 100 };
const patient = { timeoutMs: 10_000 };

const connected = async (peripheral: NoblePeripheral): Promise<unknown> => {
  const event = once(peripheral, 'connect');
  peripheral.connect(shortSupervision);
  return (await event)[0];
};

const characteristics = (peripheral: NoblePeripheral): Promise<readonly NobleCharacteristic[]> =>
  new Promise((resolve) =>
    peripheral.discoverSomeServicesAndCharacteristics([serviceUuid], [], (_error, _services, all) =>
      resolve(all),
    ),
  );

const called = (start: (callback: (...all: unknown[]) => void) => void): Promise<unknown> =>
  new Promise((resolve) => start((...all) => resolve(all)));

const named = (all: readonly NobleCharacteristic[], name: keyof typeof characteristicUuids) =>
  all.find(({ uuid }) => uuid === characteristicUuids[name])!;

describe('1: after a link loss a pending operation never settles', () => {
  it('noble', async () => {
    rig = createRadioRig(1);
    const noble = await rig.rawNoble();
    const [peripheral] = await discoverRaw(noble, [rig.locks[0]!.peer]);
    await connected(peripheral!);
    const info = named(await characteristics(peripheral!), 'info');
    const lost = once(peripheral!, 'disconnect');
    rig.air.vanish(rig.locks[0]!.address);
    const read = called((callback) => info.read(callback));
    await lost;
    expect(await isPending(read)).toBe(true);
  });

  it('the radio rejects it and closes the link', async () => {
    rig = createRadioRig(1);
    const radio = rig.radio();
    await nextAdvert(radio, rig.locks[0]!.peer);
    const link = await radio.connect(rig.locks[0]!.peer, patient);
    rig.air.vanish(rig.locks[0]!.address);
    await expect(link.read('info', patient)).rejects.toMatchObject({ failure: 'link_lost' });
    expect(await link.closed).toBe('link_lost');
  });
});

describe('2: a stop that is followed by a start never resolves', () => {
  it('noble', async () => {
    rig = createRadioRig(0);
    const noble = await rig.rawNoble();
    noble.startScanning([serviceUuid], true);
    await once(noble, 'scanStart');
    const stopped = once(noble, 'scanStop');
    noble.stopScanning();
    noble.startScanning([serviceUuid], true);
    await once(noble, 'scanStart');
    expect(await isPending(stopped)).toBe(true);
  });

  it('the radio scans on after each of several connects', async () => {
    rig = createRadioRig(2);
    const radio = rig.radio();
    const [one, other] = rig.locks;
    for (let round = 0; round < 3; round += 1) {
      await nextAdvert(radio, one!.peer);
      const link = await radio.connect(one!.peer, patient);
      await nextAdvert(radio, other!.peer);
      await link.close();
    }
    expect(one!.connections).toBe(3);
  });
});

describe('3: connect never times out, and an unreachable lock blocks all others', () => {
  it('noble', async () => {
    rig = createRadioRig(2);
    const noble = await rig.rawNoble();
    const [far, near] = await discoverRaw(
      noble,
      rig.locks.map(({ peer }) => peer),
    );
    rig.air.vanish(rig.locks[0]!.address);
    const first = connected(far!);
    const second = connected(near!);
    for (let heard = 0; heard < 5; heard += 1) await once(noble, 'discover');
    expect(await isPending(first)).toBe(true);
    expect(await isPending(second)).toBe(true);
  });

  it('the radio gives up in time and connects to the next', async () => {
    rig = createRadioRig(2);
    const radio = rig.radio();
    const [far, near] = rig.locks;
    await nextAdvert(radio, far!.peer);
    await nextAdvert(radio, near!.peer);
    rig.air.vanish(far!.address);
    await expect(radio.connect(far!.peer, { timeoutMs: 30 })).rejects.toMatchObject({ failure: 'timeout' });
    const link = await radio.connect(near!.peer, patient);
    expect(await link.read('info', patient)).toEqual(Uint8Array.of(1, 1));
  });
});

describe('4: cancelling a queued connect cancels the one in progress', () => {
  it('noble', async () => {
    rig = createRadioRig(2);
    const noble = await rig.rawNoble();
    const [inProgress, queued] = await discoverRaw(
      noble,
      rig.locks.map(({ peer }) => peer),
    );
    rig.air.vanish(rig.locks[0]!.address);
    const first = connected(inProgress!);
    void connected(queued!);
    queued!.cancelConnect();
    expect(await first).toBeInstanceOf(Error);
  });

  it('the radio lets the one in progress go on', async () => {
    rig = createRadioRig(2);
    const radio = rig.radio();
    const [slow, other] = rig.locks;
    await nextAdvert(radio, slow!.peer);
    await nextAdvert(radio, other!.peer);
    rig.air.vanish(slow!.address);
    const first = radio.connect(slow!.peer, patient);
    const abort = new AbortController();
    const second = radio.connect(other!.peer, { ...patient, signal: abort.signal });
    abort.abort();
    await expect(second).rejects.toMatchObject({ failure: 'cancelled' });
    rig.air.appear(slow!.address);
    expect((await first).peer).toBe(slow!.peer);
  });
});

describe('5: cancel, then connect again: it rejects, yet the link opens', () => {
  it('noble', async () => {
    rig = createRadioRig(1);
    const noble = await rig.rawNoble();
    const [peripheral] = await discoverRaw(noble, [rig.locks[0]!.peer]);
    rig.air.vanish(rig.locks[0]!.address);
    peripheral!.connect(shortSupervision);
    peripheral!.cancelConnect();
    expect(await connected(peripheral!)).toBeInstanceOf(Error);
    const orphan = once(peripheral!, 'connect');
    rig.air.appear(rig.locks[0]!.address);
    await orphan;
    expect(peripheral!.state).toBe('connected');
  });

  it('the radio opens one link, and its promise is the one that resolves', async () => {
    rig = createRadioRig(1);
    const radio = rig.radio();
    const [lock] = rig.locks;
    await nextAdvert(radio, lock!.peer);
    rig.air.vanish(lock!.address);
    const abort = new AbortController();
    const first = radio.connect(lock!.peer, { ...patient, signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(first).rejects.toMatchObject({ failure: 'cancelled' });
    const second = radio.connect(lock!.peer, patient);
    rig.air.appear(lock!.address);
    const link = await second;
    await link.read('info', patient);
    expect(lock!.connections).toBe(1);
  });
});

describe('6: an unplugged adapter ends no link', () => {
  it('noble', async () => {
    rig = createRadioRig(1);
    const noble = await rig.rawNoble();
    const [peripheral] = await discoverRaw(noble, [rig.locks[0]!.peer]);
    await connected(peripheral!);
    const off = once(noble, 'stateChange');
    rig.dongle().plug(false);
    expect(await off).toEqual(['poweredOff']);
    expect(peripheral!.state).toBe('connected');
    const again = await connected(peripheral!);
    expect(String(again)).toContain('already connected');
  });

  it('the radio ends every link and is down', async () => {
    rig = createRadioRig(1);
    const radio = rig.radio();
    await nextAdvert(radio, rig.locks[0]!.peer);
    const link = await radio.connect(rig.locks[0]!.peer, patient);
    rig.dongle().plug(false);
    expect(await radio.down).toBe('no_dongle');
    expect(await link.closed).toBe('no_dongle');
    await expect(link.read('info', patient)).rejects.toMatchObject({ failure: 'no_dongle' });
  });
});

describe('7: disconnecting a lock that is not connected drops another', () => {
  it('noble', async () => {
    rig = createRadioRig(2);
    const noble = await rig.rawNoble();
    const [open, idle] = await discoverRaw(
      noble,
      rig.locks.map(({ peer }) => peer),
    );
    await connected(open!);
    const dropped = once(open!, 'disconnect');
    idle!.disconnect();
    await dropped;
    expect(open!.state).toBe('disconnected');
  });

  it('the radio keeps the other open whatever becomes of the first', async () => {
    rig = createRadioRig(2);
    const radio = rig.radio();
    const [open, gone] = rig.locks;
    await nextAdvert(radio, open!.peer);
    await nextAdvert(radio, gone!.peer);
    const link = await radio.connect(open!.peer, patient);
    rig.air.vanish(gone!.address);
    await expect(radio.connect(gone!.peer, { timeoutMs: 30 })).rejects.toMatchObject({ failure: 'timeout' });
    expect(await link.read('info', patient)).toEqual(Uint8Array.of(1, 1));
  });
});

describe('11: without duplicates a lock whose scan response is lost is never found', () => {
  it('noble', async () => {
    rig = createRadioRig(1);
    rig.air.configure({ scanResponseLoss: 1 });
    const noble = await rig.rawNoble();
    const found = once(noble, 'discover');
    noble.startScanning([serviceUuid], false);
    const reports = noble._bindings as NoblePeripheral & { _hci: NoblePeripheral };
    await once(reports._hci, 'leAdvertisingReport');
    expect(await isPending(found)).toBe(true);
  });

  it('the radio hears it at once, without its serial number, and again and again', async () => {
    rig = createRadioRig(1);
    rig.air.configure({ scanResponseLoss: 1 });
    const radio = rig.radio();
    for (let heard = 0; heard < 3; heard += 1) {
      const advert = await firstValueFrom(radio.advertisements$);
      expect(advert.serviceData).toBeNull();
      expect(advert.manufacturerData).toEqual(Uint8Array.of(0xff, 0xff, 0x10, 90, 0, 0, 0, 5));
    }
  });
});

describe('14: every address ever heard is kept', () => {
  const addresses = 500;
  const passing = { devices: 0, perSecond: 5_000, rotating: 1, data: latchpointAdvert(0x10) };

  it('noble', async () => {
    rig = createRadioRig(0);
    const noble = await rig.rawNoble();
    noble.startScanning([serviceUuid], true);
    rig.air.crowd(passing);
    const reports = noble._bindings as NoblePeripheral & { _hci: NoblePeripheral };
    for (let heard = 0; heard < addresses; heard += 1) await once(reports._hci, 'leAdvertisingReport');
    const { _gap } = noble._bindings as NoblePeripheral & { _gap: { _discoveries: object } };
    expect(Object.keys(_gap._discoveries).length).toBeGreaterThanOrEqual(addresses);
  });

  it('the radio forgets those that have gone', async () => {
    rig = createRadioRig(0);
    const clock = new ManualClock();
    const radio = rig.radio(clock);
    const heard = new Set<string>();
    const stop = rig.air.crowd(passing);
    await firstValueFrom(radio.advertisements$.pipe(filter(({ peer }) => heard.add(peer).size >= addresses)));
    stop();
    // What the dongle still holds is on its way.
    for (let round = 0; round < 20; round += 1) await isPending(radio.down);
    expect(radio.peerCount()).toBeGreaterThanOrEqual(addresses);
    // The renewed scan must find its answer in time, which comes in real time.
    for (let second = 0; second < 75; second += 1) {
      await clock.advance(1_000);
      await isPending(radio.down);
    }
    expect(radio.peerCount()).toBe(0);
  });
});
