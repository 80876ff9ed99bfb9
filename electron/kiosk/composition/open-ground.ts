/** What the kiosk knows: its data, the time, itself. */
import { join } from 'node:path';
import { createKioskData, type LocalData } from '../data/kiosk-data.ts';
import { isLost } from '../data/loss.ts';
import { createLossMemory, type LossMemory } from '../data/loss-memory.ts';
import { withLoss, type StartNotices } from '../data/room.ts';
import type { Clock } from '../platform/clock.ts';
import { makeDataFolder } from '../platform/data-folder.ts';
import { keepToOwner } from '../platform/owner-only.ts';
import type { Vault } from '../vault/port.ts';
import { createTrustedTime, type TrustedTime } from '../vault/trusted-time.ts';
import { createVault } from '../vault/vault.ts';
import { createDataKeys } from '../vault/data-key.ts';
import { readVaultFiles, sealNames, withoutKeys } from '../vault/vault-files.ts';
import type { Begun } from './ports.ts';

export interface Ground extends Begun, StartNotices {
  readonly data: LocalData;
  readonly time: TrustedTime;
  /** Trusted time; the machine's own clock is the host's port. */
  readonly clock: Clock;
  readonly vault: Vault;
  /** The kiosk is registered, and what its data held is gone. */
  readonly lost: boolean;
  readonly losses: LossMemory;
}

/** Rejects with an `AppFailure` (`storage.*`) where the data or the vault's files cannot be reached. */
export const openGround = async (begun: Begun): Promise<Ground> => {
  const { ports, ending } = begun;
  const { config, random, logger, secretStore } = ports;
  const { dataDir } = config;
  await makeDataFolder(dataDir, ports.dataDirFrom ?? 'the configuration');
  // Before anything is read from it; SQLite gives the files beside the database the database's own mode.
  await keepToOwner(dataDir, logger);
  const reading = readVaultFiles({ dir: join(dataDir, 'vault'), secretStore, logger });
  // Whoever waits for it hears of a failure.
  reading.catch(() => undefined);
  const wasSealed = async (): Promise<boolean> => (await reading).wasSealed;
  const dataKeys = createDataKeys({ dataDir, secretStore, wasSealed, random, logger });
  const path = join(dataDir, 'kiosk.db');
  const data = await createKioskData({ path, clock: ports.clock, random, logger, dataKeys });
  ending.adopt('data', data);
  await keepToOwner(dataDir, logger);
  const time = await createTrustedTime({ clock: ports.clock, notes: data, logger });
  ending.adopt('trusted time', time);
  const { clock } = time;
  const files = await reading;
  const usable = data.isLocked ? withoutKeys(files) : files;
  await sealNames(usable, logger);
  const vault = createVault({ files: usable, secretStore, clock, random, logger });
  const lost = usable.identity !== null && (await isLost(data));
  if (lost) logger.error('data lost: the kiosk is registered, and its file knew nothing');
  const notices = withLoss(data, lost);
  const losses = await createLossMemory({
    notices: [notices.notice, notices.hiddenNotice],
    notes: data,
    clock,
    logger,
  });
  ending.adopt('losses', losses);
  return { ...begun, data, time, clock, vault, lost, losses, ...notices };
};
