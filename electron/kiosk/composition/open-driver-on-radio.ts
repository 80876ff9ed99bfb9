/** The open driver on the kiosk's own radio, in a process of its own. */
import type { LockDriver } from '../link/lock-driver.ts';
import { createOpenDriver, type OpenDriverPorts } from '../link/kiosk/open-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { KioskConfig } from '../platform/config.ts';
import { createRadioClient, type RadioProcess } from '../radio/radio-client.ts';

export interface DriverOnRadioPorts extends Pick<OpenDriverPorts, 'clock' | 'random' | 'logger'> {
  readonly config: KioskConfig;
  /** The machine's own clock, for the radio; `clock` is trusted time. */
  readonly machineClock: Clock;
  readonly spawnRadio: () => RadioProcess;
  readonly onStop: (name: string, stop: () => Promise<void>) => void;
}

/** What the driver asks the rest of the kiosk for. */
export interface DriverSources extends Required<Pick<OpenDriverPorts, 'timeToken' | 'revocationLists'>> {
  /** Base64; null before registration. */
  readonly vendorRoot: () => string | null;
}

/** The radio is handed to `onStop`, the driver is the caller's to dispose. */
export const openDriverOnRadio = (
  { config, clock, machineClock, random, logger, spawnRadio, onStop }: DriverOnRadioPorts,
  { vendorRoot, ...sources }: DriverSources,
): LockDriver => {
  const radio = createRadioClient({
    spawn: spawnRadio,
    clock: machineClock,
    logger,
    random,
    config: config.radio,
  });
  onStop('radio', () => radio.dispose());
  return createOpenDriver({
    radio,
    clock,
    random,
    logger,
    vendorRoot: () => {
      const root = vendorRoot();
      return root === null ? null : new Uint8Array(Buffer.from(root, 'base64'));
    },
    ...sources,
  });
};
