/** What the kiosk knows: its data, the time, itself. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createKioskData, type LocalData } from '../data/kiosk-data.ts';
import type { Clock } from '../platform/clock.ts';
import { onDisk } from '../platform/disk-failure.ts';
import { keepToOwner } from '../platform/owner-only.ts';
import type { Vault } from '../vault/port.ts';
import { createTrustedTime, type TrustedTime } from '../vault/trusted-time.ts';
import { createVault } from '../vault/vault.ts';
import type { Begun, KioskPorts } from './ports.ts';

export interface Ground {
  readonly data: LocalData;
  readonly time: TrustedTime;
  /** Trusted time; the machine's own clock is the host's port. */
  readonly clock: Clock;
  readonly vault: Vault;
}

/** Rejects with an `AppFailure` (`storage.*`) where the data or the vault's files cannot be reached. */
export const openGround = async (ports: KioskPorts, begun: Begun): Promise<Ground> => {
  const { config, random, logger, secretStore } = ports;
  const { dataDir } = config;
  await onDisk(() => mkdir(dataDir, { recursive: true, mode: 0o700 }));
  // Before anything is read from it; SQLite gives the files beside the database the database's own mode.
  await keepToOwner(dataDir, logger);
  // Unwrapping keys can take a third of a second of waiting: it runs while the database opens.
  let trustedNow = (): number => ports.clock.now();
  const opening = createVault({
    dir: join(dataDir, 'vault'),
    secretStore,
    clock: {
      now: () => trustedNow(),
      monotonic: () => ports.clock.monotonic(),
      sinceBoot: () => ports.clock.sinceBoot(),
      after: (ms, task) => ports.clock.after(ms, task),
    },
    random,
    logger,
  });
  opening.catch(() => undefined);
  const data = await createKioskData({ path: join(dataDir, 'kiosk.db'), clock: ports.clock, random, logger });
  begun.onStop('data', () => data.dispose());
  await keepToOwner(dataDir, logger);
  const time = await createTrustedTime({ clock: ports.clock, notes: data, logger });
  begun.onStop('trusted time', () => time.dispose());
  const { clock } = time;
  trustedNow = () => clock.now();
  return { data, time, clock, vault: await opening };
};
