/** The kiosk's side of an air: its radio process and the open driver, as the product has them. */
import { filter, firstValueFrom } from 'rxjs';
import type { LockDriver } from '#kiosk/link/lock-driver.ts';
import { createOpenDriver, type OpenDriverPorts } from '#kiosk/link/kiosk/open-driver.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import { createRadioClient, type RadioClient } from '#kiosk/radio/radio-client.ts';
import type { AirReady } from './air-messages.ts';

export interface KioskRadio {
  readonly radio: RadioClient;
  readonly driver: LockDriver;
  /** Resolves once the radio listens. */
  ready(): Promise<void>;
  /** Resolves at that lock's next advertisement. */
  seen(serialNumber: string): Promise<void>;
  dispose(): Promise<void>;
}

export interface KioskRadioOptions extends Pick<AirReady, 'h4' | 'root'> {
  /** What a kiosk keeps of its locks from run to run. */
  readonly earlyStarts?: OpenDriverPorts['earlyStarts'];
}

export const openKioskRadio = ({ h4, root, earlyStarts }: KioskRadioOptions): KioskRadio => {
  const ports = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const radio = createRadioClient({ ...ports, spawn: forkRadioProcess, config: { h4 } });
  const driver = createOpenDriver({
    ...ports,
    radio,
    vendorRoot: () => root,
    ...(earlyStarts ? { earlyStarts } : {}),
  });
  return {
    radio,
    driver,
    ready: async () => {
      await firstValueFrom(radio.state$.pipe(filter((state) => state === 'ready')));
    },
    seen: async (serialNumber) => {
      await firstValueFrom(
        driver.sightings$.pipe(filter((sighting) => sighting.serialNumber === serialNumber)),
      );
    },
    dispose: async () => {
      await driver.dispose();
      await radio.dispose();
    },
  };
};
