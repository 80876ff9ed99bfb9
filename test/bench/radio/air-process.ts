/** The air and its locks, in a process of their own: in a store they take no processor time from the kiosk either. */
import { encodeAdvertisement } from '#kiosk/link/lock/advertisement.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { createStoreAir } from '#simulators/air/main.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';
import type { AirOrder, AirReady } from './air-messages.ts';
import { makeBenchLocks } from './bench-locks.ts';

/** Says who it is as a real lock does. */
class EchoLock extends ScriptedLock {
  override advertisement(): ReturnType<ScriptedLock['advertisement']> {
    const state = { provisioned: true, boltOpen: false, tamper: false, batteryLow: false, battery: 90 };
    return encodeAdvertisement(this.serialNumber, state);
  }
}

const start = async (order: AirOrder): Promise<AirReady> => {
  const { root, made, fresh } = await makeBenchLocks(order.locks, order.newLocks);
  const echoes = Array.from({ length: order.echoes }, (_, index) => new EchoLock(index + 1));
  const store = await createStoreAir({
    clock: systemClock,
    random: systemRandom,
    locks: [...made.map(({ lock }) => lock), ...fresh.map(({ lock }) => lock), ...echoes],
    port: 0,
  });
  if (order.foreign) store.air.crowd(order.foreign);
  return {
    h4: store.h4,
    otherH4: await store.addDongle(),
    root,
    locks: made.map(({ lock, credentials }) => ({ serialNumber: lock.serialNumber, credentials })),
    newLocks: fresh.map(({ lock: { serialNumber }, linkVersion }) => ({ serialNumber, linkVersion })),
    echoes: echoes.map(({ address }) => address),
  };
};

process.once('message', (order: AirOrder) => {
  start(order).then(
    (ready) => process.send?.(ready),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
