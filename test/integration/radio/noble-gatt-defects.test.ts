/** What is wrong with noble 1.9.2-26, shown on noble as it is, and the kiosk's radio living with it. Reads and writes. */
import { once } from 'node:events';
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { characteristicUuids, serviceUuid } from '#kiosk/radio/gatt-profile.ts';
import { hciBindingsOf, type NobleCharacteristic, type NoblePeripheral } from '#kiosk/radio/noble-types.ts';
import { AttPeer, largeMtuAnswer, serviceAnswer } from '#support/att-peer.ts';
import { createRadioRig, discoverRaw, isPending, nextAdvert, type RadioRig } from '#support/radio-rig.ts';

let rig: RadioRig;
afterEach(() => rig.dispose());

const patient = { timeoutMs: 10_000 };

const characteristics = (peripheral: NoblePeripheral): Promise<readonly NobleCharacteristic[]> =>
  new Promise((resolve) =>
    peripheral.discoverSomeServicesAndCharacteristics([serviceUuid], [], (_error, _services, all) =>
      resolve(all),
    ),
  );

const named = (all: readonly NobleCharacteristic[], name: keyof typeof characteristicUuids) =>
  all.find(({ uuid }) => uuid === characteristicUuids[name])!;

const called = <T>(start: (callback: (error: unknown, value?: T) => void) => void): Promise<T | undefined> =>
  new Promise((resolve) => start((_error, value) => resolve(value)));

const connectRaw = async (peer: string, environment?: () => void): Promise<NoblePeripheral> => {
  const noble = await rig.rawNoble(environment);
  const [peripheral] = await discoverRaw(noble, [peer]);
  const event = once(peripheral!, 'connect');
  peripheral!.connect({ minInterval: 6, maxInterval: 24, latency: 0, timeout: 100 });
  await event;
  return peripheral!;
};

describe('8: a refused write never settles', () => {
  it('noble', async () => {
    rig = createRadioRig(1);
    const all = await characteristics(await connectRaw(rig.locks[0]!.peer));
    const refused = called((callback) => named(all, 'tx').write(Buffer.from([1]), false, callback));
    // The answer to a read that follows on the same bearer comes after the refusal.
    await called((callback) => named(all, 'info').read(callback));
    expect(await isPending(refused)).toBe(true);
  });

  it('the radio tells of a refusal', async () => {
    rig = createRadioRig(1);
    rig.locks[0]!.enrolment = null;
    const radio = rig.radio();
    await nextAdvert(radio, rig.locks[0]!.peer);
    const link = await radio.connect(rig.locks[0]!.peer, patient);
    await expect(link.read('enrolment', patient)).rejects.toMatchObject({ failure: 'att_error' });
    expect(await link.read('info', patient)).toEqual(Uint8Array.of(1, 1));
  });
});

describe('9: the MTU of the peer is adopted even when it is larger than the one asked for', () => {
  it('noble', async () => {
    rig = createRadioRig(0);
    const peer = new AttPeer(rig.air, largeMtuAnswer);
    const peripheral = await connectRaw(peer.peer);
    await once(hciBindingsOf(rig.lastNoble())!, 'onMtu');
    expect(peripheral.mtu).toBe(517);
  });

  it('the radio takes the smaller', async () => {
    rig = createRadioRig(0);
    const peer = new AttPeer(rig.air, (request) => largeMtuAnswer(request) ?? serviceAnswer(request));
    const radio = rig.radio();
    await firstValueFrom(radio.advertisements$);
    const link = await radio.connect(peer.peer, patient);
    expect(link.maxFrame).toBe(253);
    // 300 bytes in two parts of the MTU that both sides hold.
    expect((await link.read('certificate', patient)).length).toBe(300);
  });
});

describe('10: with HCI_CHANNEL_USER no data is ever sent', () => {
  it('noble', async () => {
    rig = createRadioRig(2);
    const peripheral = await connectRaw(rig.locks[0]!.peer, () => {
      process.env['HCI_CHANNEL_USER'] = '1';
    });
    const found = characteristics(peripheral);
    for (let heard = 0; heard < 5; heard += 1) await once(rig.lastNoble(), 'discover');
    expect(await isPending(found)).toBe(true);
  });

  it('the radio leaves it aside', async () => {
    process.env['HCI_CHANNEL_USER'] = '1';
    rig = createRadioRig(1);
    const radio = rig.radio();
    await nextAdvert(radio, rig.locks[0]!.peer);
    const link = await radio.connect(rig.locks[0]!.peer, patient);
    expect(await link.read('info', patient)).toEqual(Uint8Array.of(1, 1));
  });
});

describe('12: writes without response resolve while they are still queued', () => {
  const frames = 500;
  const frame = new Uint8Array(100);
  /** What the dongle holds, and what the lock's side may not have heard of yet. */
  const inController = 8;

  it('noble', async () => {
    rig = createRadioRig(1);
    const all = await characteristics(await connectRaw(rig.locks[0]!.peer));
    const tx = named(all, 'tx');
    for (let count = 1; count < frames; count += 1) tx.write(Buffer.from(frame), true, () => undefined);
    await called((callback) => tx.write(Buffer.from(frame), true, callback));
    expect(rig.locks[0]!.received.length).toBeLessThan(frames - 2 * inController);
  });

  it('the radio resolves when the dongle has taken the frame', async () => {
    rig = createRadioRig(1);
    const radio = rig.radio();
    await nextAdvert(radio, rig.locks[0]!.peer);
    const link = await radio.connect(rig.locks[0]!.peer, patient);
    for (let count = 0; count < frames; count += 1) await link.send(frame, patient);
    expect(rig.locks[0]!.received.length).toBeGreaterThanOrEqual(frames - 2 * inController);
  });
});

describe('13: two operations at once both take the first answer', () => {
  it('noble', async () => {
    rig = createRadioRig(1);
    const all = await characteristics(await connectRaw(rig.locks[0]!.peer));
    const info = named(all, 'info');
    const answers = await Promise.all([
      called<Buffer>((callback) => info.read(callback)),
      called<Buffer>((callback) => info.read(callback)),
    ]);
    expect(answers.map((answer) => answer?.[1])).toEqual([1, 1]);
  });

  it('the radio gives each its own', async () => {
    rig = createRadioRig(1);
    const radio = rig.radio();
    await nextAdvert(radio, rig.locks[0]!.peer);
    const link = await radio.connect(rig.locks[0]!.peer, patient);
    const answers = await Promise.all([link.read('info', patient), link.read('info', patient)]);
    expect(answers.map((answer) => answer[1])).toEqual([1, 2]);
  });
});

describe('15: the MTU is not known when the connection opens', () => {
  it('noble', async () => {
    rig = createRadioRig(1);
    expect((await connectRaw(rig.locks[0]!.peer)).mtu).toBeNull();
  });

  it('the radio waits for it', async () => {
    rig = createRadioRig(1);
    const radio = rig.radio();
    await nextAdvert(radio, rig.locks[0]!.peer);
    expect((await radio.connect(rig.locks[0]!.peer, patient)).maxFrame).toBe(253);
  });
});
