/** Both ways to GATT do the same: on noble's HCI bindings, and through its classes as on Windows and macOS. */
import { firstValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '#kiosk/platform/clock.ts';
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
