/** The open driver on the kiosk's own radio, in a process of its own. */
import type { LockDriver } from '../link/lock-driver.ts';
import { createOpenDriver, type OpenDriverPorts } from '../link/kiosk/open-driver.ts';
import { createRadioClient } from '../radio/radio-client.ts';
import type { Ground } from './open-ground.ts';

/** What the driver asks the rest of the kiosk for. */
export interface DriverSources extends Required<Pick<OpenDriverPorts, 'timeToken' | 'revocationLists'>> {
  /** Base64; null before registration. */
  readonly vendorRoot: () => string | null;
}

const earlyStartsKey = 'early starts';

/** The driver is the caller's to dispose. */
export const openDriverOnRadio = (
  { ports, ending, clock, data, vault }: Ground,
  { vendorRoot, ...sources }: DriverSources,
): LockDriver => {
  const { config, random, logger, spawnRadio: spawn } = ports;
  const radio = createRadioClient({ spawn, clock: ports.clock, logger, random, config: config.radio });
  ending.adopt('radio', radio);
  return createOpenDriver({
    radio,
    clock,
    random,
    logger,
    vendorRoot: () => {
      const root = vendorRoot();
      return root === null ? null : new Uint8Array(Buffer.from(root, 'base64'));
    },
    earlyStarts: {
      owner: () => vault.identity?.kioskId ?? null,
      read: () => data.readNote(earlyStartsKey),
      // A full disk is told by those whose data it is.
      write: (text) => void data.writeNote(earlyStartsKey, text).catch(() => undefined),
    },
    ...sources,
  });
};
