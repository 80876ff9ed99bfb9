/** What has to work on the machine's own adapter, with nothing between the kiosk and the kernel. */
import { filter, firstValueFrom, timeout } from 'rxjs';
import { systemClock, delay } from '#kiosk/platform/clock.ts';
import { ask } from './host-words.ts';
import { insist, patienceMs, type Scene } from './scene.ts';

export interface Check {
  readonly name: string;
  run(scene: Scene): Promise<string>;
}

/** What docs/radio.md promises from the end of what ailed the radio. */
const healsWithinMs = 5_000;
/** The kernel gives up a link that it thinks is nobody's after two seconds. */
const longerThanTheKernelMs = 3_000;
const challenge = new Uint8Array(32).fill(7);
const ms = (value: number): string => `${Math.round(value)} ms`;

/** From now until a lock opens; the lock that was connected has lost its link without being told. */
const heals = async (scene: Scene, lost: number, next: number): Promise<string> => {
  const since = performance.now();
  await scene.until('ready');
  scene.restart(lost);
  await scene.unlock(next);
  const took = performance.now() - since;
  insist(took < healsWithinMs, `after ${ms(took)}`);
  return `opens another lock after ${ms(took)}`;
};

/** A link on a fresh lock lives longer than the kernel would let it. */
const stays = async (scene: Scene, index: number): Promise<void> => {
  await scene.link(index);
  let broken = 0;
  const watch = scene.radio.listening$.subscribe((listens) => (broken += listens ? 0 : 1));
  await delay(systemClock, longerThanTheKernelMs);
  insist((await ask('links')).length === 1, 'the kernel does not know one link');
  await scene.unlock(index);
  watch.unsubscribe();
  insist(broken === 0, 'the link was gone: it was connected anew');
};

const away = async (scene: Scene, deed: 'down' | 'block' | 'unplug'): Promise<void> => {
  await scene.link(0);
  await ask(deed);
  await scene.until('no_dongle');
  // Longer than a radio process waits for its adapter.
  await delay(systemClock, longerThanTheKernelMs);
};

export const checks: readonly Check[] = [
  {
    name: 'every lock is heard, and no signal strength is made up',
    run: async ({ driver, locks }) => {
      const strengths = await Promise.all(
        [...locks.made, ...locks.fresh].map(async ({ lock }) => {
          const mine = driver.sightings$.pipe(
            filter(({ serialNumber }) => serialNumber === lock.serialNumber),
          );
          return (await firstValueFrom(mine.pipe(timeout(patienceMs)))).rssi;
        }),
      );
      insist(
        strengths.every((rssi) => rssi === null),
        `signal strengths of ${strengths.join(', ')}`,
      );
      return `${strengths.length} locks`;
    },
  },
  {
    name: 'a new lock is enrolled and opens',
    run: async ({ driver, locks }) => {
      const serialNumber = locks.fresh[0]?.lock.serialNumber ?? '';
      const operation = { deadlineMs: patienceMs };
      const offer = await driver.readEnrolment(serialNumber, challenge, operation);
      if (!offer.ok) throw new Error(`no offer: ${offer.error.code}`);
      const credentials = await locks.credentialsFor(
        offer.value.enrolmentCode,
        offer.value.deviceCertificate,
      );
      const bound = await driver.provision(serialNumber, credentials, operation);
      insist(bound.ok && bound.value.provisioned, bound.ok ? 'not provisioned' : bound.error.code);
      const command = { holdOpenSeconds: 1, actorHash: new Uint8Array(32) };
      const opened = await driver.unlock(serialNumber, credentials, command, operation);
      insist(opened.ok, opened.ok ? '' : opened.error.code);
      return `${offer.value.enrolmentCode.length} bytes of code`;
    },
  },
  {
    name: 'locks open',
    run: async (scene) => {
      const took: number[] = [];
      for (let round = 0; round < 6; round += 1) took.push(await scene.unlock(round % 2));
      return `${took.length} times, ${ms(Math.min(...took))} to ${ms(Math.max(...took))}`;
    },
  },
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
      await scene.link(0);
      if (scene.radio.pid === undefined) throw new Error('no radio process');
      const gone = firstValueFrom(scene.radio.state$.pipe(filter((state) => state !== 'ready')));
      process.kill(scene.radio.pid, 'SIGKILL');
      await gone;
      const told = await heals(scene, 0, 1);
      await stays(scene, 1);
      return told;
    },
  },
  {
    name: 'bluetoothd beside it',
    run: async (scene) => {
      await ask('start bluetoothd');
      const took = [await scene.unlock(0), await scene.unlock(1)];
      await stays(scene, 0);
      return `${took.map(ms).join(', ')}, and a link stays`;
    },
  },
];
