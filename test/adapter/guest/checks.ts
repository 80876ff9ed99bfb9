/** What has to work on the machine's own adapter, with nothing between the kiosk and the kernel. */
import { systemClock } from '#kiosk/platform/clock.ts';
import { delay } from '#simulators/delay.ts';
import {
  everyLockIsHeard,
  healsWithinMs,
  insist,
  killRadio,
  link,
  locksOpen,
  ms,
  patienceMs,
  readOffer,
  unlock,
  until,
  type Check,
} from '../../controllers/radio-checks.ts';
import { ask } from './host-words.ts';
import type { Scene } from './scene.ts';

/** The kernel gives up a link that it thinks is nobody's after two seconds. */
const longerThanTheKernelMs = 3_000;

/** From now until a lock opens; the lock that was connected has lost its link without being told. */
const heals = async (scene: Scene, lost: number, next: number): Promise<string> => {
  const since = performance.now();
  await until(scene, (state) => state === 'ready');
  scene.restart(lost);
  await unlock(scene, next);
  const took = performance.now() - since;
  insist(took < healsWithinMs, `after ${ms(took)}`);
  return `opens another lock after ${ms(took)}`;
};

/** A link on a fresh lock lives longer than the kernel would let it. */
const stays = async (scene: Scene, index: number): Promise<void> => {
  await link(scene, index);
  let broken = 0;
  const watch = scene.radio.listening$.subscribe((listens) => (broken += listens ? 0 : 1));
  await delay(systemClock, longerThanTheKernelMs);
  insist((await ask('links')).length === 1, 'the kernel does not know one link');
  await unlock(scene, index);
  watch.unsubscribe();
  insist(broken === 0, 'the link was gone: it was connected anew');
};

const away = async (scene: Scene, deed: 'down' | 'block' | 'unplug'): Promise<void> => {
  await link(scene, 0);
  await ask(deed);
  await until(scene, (state) => state === 'no_dongle');
  // Longer than a radio process waits for its adapter.
  await delay(systemClock, longerThanTheKernelMs);
};

export const checks: readonly Check<Scene>[] = [
  everyLockIsHeard,
  {
    name: 'a new lock is enrolled and opens',
    run: async (scene) => {
      const { driver, locks } = scene;
      const serialNumber = locks.fresh[0]?.lock.serialNumber ?? '';
      const operation = { deadlineMs: patienceMs };
      const offer = await readOffer(scene);
      const credentials = await locks.credentialsFor(offer.enrolmentCode, offer.deviceCertificate);
      const bound = await driver.provision(serialNumber, credentials, operation);
      insist(bound.ok && bound.value.provisioned, bound.ok ? 'not provisioned' : bound.error.code);
      const command = { holdOpenSeconds: 1, actorHash: new Uint8Array(32) };
      const opened = await driver.unlock(serialNumber, credentials, command, operation);
      insist(opened.ok, opened.ok ? '' : opened.error.code);
      return `${offer.enrolmentCode.length} bytes of code`;
    },
  },
  locksOpen(6),
  {
    name: 'the kernel leaves a link alone that is open for three seconds',
    run: async (scene) => {
      await stays(scene, 0);
      return 'it is still the same';
    },
  },
  {
    name: 'adapter taken down and up',
    run: async (scene) => {
      await away(scene, 'down');
      await ask('up');
      return heals(scene, 0, 1);
    },
  },
  {
    name: 'adapter switched off and on (rfkill)',
    run: async (scene) => {
      await away(scene, 'block');
      await ask('unblock');
      await ask('up');
      return heals(scene, 0, 1);
    },
  },
  {
    name: 'adapter removed and replugged, under another name',
    run: async (scene) => {
      await away(scene, 'unplug');
      await ask('plug');
      await ask('up');
      return heals(scene, 0, 1);
    },
  },
  {
    name: 'radio process killed with a link open: another lock opens, and no link is cut afterwards',
    run: async (scene) => {
      await link(scene, 0);
      await killRadio(scene);
      const told = await heals(scene, 0, 1);
      await stays(scene, 1);
      return told;
    },
  },
  {
    name: 'bluetoothd beside it',
    run: async (scene) => {
      await ask('start bluetoothd');
      const took = [await unlock(scene, 0), await unlock(scene, 1)];
      await stays(scene, 0);
      return `${took.map(ms).join(', ')}, and a link stays`;
    },
  },
];
