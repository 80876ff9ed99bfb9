/** Both ways to GATT do the same: on noble's HCI bindings, and through its classes as on Windows and macOS. */
import { firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '#kiosk/platform/clock.ts';
import { hciBindingsOf } from '#kiosk/radio/noble-types.ts';
import { createRadioRig, nextAdvert, type RadioRig } from '#support/radio-rig.ts';

let rig: RadioRig;
afterEach(() => rig.dispose());

const patient = { timeoutMs: 10_000 };

describe.each(['hci', 'noble'] as const)('GATT by %s', (gatt) => {
  it('reads long values, sends, hears back in order, and connects again', async () => {
    rig = createRadioRig(1);
    const [lock] = rig.locks;
    const radio = rig.radio(systemClock, gatt);
    for (let round = 0; round < 2; round += 1) {
      await nextAdvert(radio, lock!.peer);
      const link = await radio.connect(lock!.peer, patient);
      expect(await link.read('certificate', patient)).toEqual(lock!.certificate);
      expect(await link.read('enrolment', patient)).toEqual(lock!.enrolment);
      const answers = firstValueFrom(link.frames$.pipe(take(5), toArray()));
      for (let byte = 0; byte < 5; byte += 1) await link.send(new Uint8Array(180).fill(byte), patient);
      expect((await answers).map((frame) => frame[0])).toEqual([0, 1, 2, 3, 4]);
      await link.close();
    }
  });

  it('ends what is in hand when the lock vanishes', async () => {
    rig = createRadioRig(1);
    const [lock] = rig.locks;
    const radio = rig.radio(systemClock, gatt);
    await nextAdvert(radio, lock!.peer);
    const link = await radio.connect(lock!.peer, patient);
    rig.air.vanish(lock!.address);
    await expect(link.read('info', patient)).rejects.toMatchObject({ failure: 'link_lost' });
    await expect(link.send(Uint8Array.of(1), patient)).rejects.toMatchObject({ failure: 'link_lost' });
  });
});

describe('what opening a link takes', () => {
  const mtuRequest = 0x02;
  const findService = 0x06;
  const readByType = 0x08;
  const write = 0x12;
  const writeCommand = 0x52;

  it('is found out at a lock never seen, proven at one seen before, and nothing where it starts early', async () => {
    rig = createRadioRig(1);
    const [lock] = rig.locks;
    const radio = rig.radio(systemClock);
    await nextAdvert(radio, lock!.peer);
    const hci = hciBindingsOf(rig.lastNoble())!._hci;
    const sent = vi.spyOn(hci, 'writeAclDataPkt');
    const opcodes = (): (number | undefined)[] => sent.mock.calls.splice(0).map(([, , pdu]) => pdu[0]);

    const first = await radio.connect(lock!.peer, patient);
    expect(opcodes()).toEqual([mtuRequest, findService, readByType, write]);
    await first.close();

    await nextAdvert(radio, lock!.peer);
    const second = await radio.connect(lock!.peer, patient);
    expect(opcodes()).toEqual([mtuRequest, readByType, write]);
    await second.close();

    await nextAdvert(radio, lock!.peer);
    const frames = [Uint8Array.of(7, 7), Uint8Array.of(8)];
    const early = await radio.connect(lock!.peer, { ...patient, early: { handles: first.handles!, frames } });
    expect(opcodes()).toEqual([mtuRequest, writeCommand, writeCommand, writeCommand]);
    expect(await firstValueFrom(early.frames$.pipe(take(2), toArray()))).toEqual(frames);
    expect(early.maxFrame).toBe(first.maxFrame);
    expect(await early.read('certificate', patient)).toEqual(lock!.certificate);
    await early.close();
  });

  it('through noble’s classes is theirs to know: what a link begins with is sent once it is found out', async () => {
    rig = createRadioRig(1);
    const [lock] = rig.locks;
    const hci = rig.radio(systemClock);
    await nextAdvert(hci, lock!.peer);
    const before = await hci.connect(lock!.peer, patient);
    const { handles } = before;
    await before.close();
    await hci.dispose();
    const radio = rig.radio(systemClock, 'noble');
    await nextAdvert(radio, lock!.peer);
    const frames = [Uint8Array.of(7, 7), Uint8Array.of(8)];
    const link = await radio.connect(lock!.peer, { ...patient, early: { handles: handles!, frames } });
    expect(link.handles).toBeNull();
    expect(await firstValueFrom(link.frames$.pipe(take(2), toArray()))).toEqual(frames);
    await link.close();
  });
});
