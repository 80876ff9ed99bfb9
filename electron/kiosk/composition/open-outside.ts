/** Those the kiosk speaks to: the backend and the locks. */
import type { TrustDocument } from '#shared/models/documents.ts';
import { createBackend, type Backend } from '../backend/client.ts';
import { createSync } from '../data/sync/create-sync.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import { openDriverOnRadio } from './open-driver-on-radio.ts';
import { createLatest } from '../platform/latest.ts';
import { createReplication, type Replication } from '../replication.ts';
import { createKeyRotation, type KeyRotation } from '../vault/key-rotation.ts';
import { createRevocationLists } from '../vault/revocation-lists.ts';
import type { Ground } from './open-ground.ts';
import type { Begun, KioskPorts } from './ports.ts';

export interface Outside {
  readonly backend: Backend;
  readonly replication: Replication;
  readonly rotation: KeyRotation;
  readonly driver: LockDriver;
}

/** `timeChecked` is waited for after each check of the time, before events are sent. */
export const openOutside = (
  ports: KioskPorts,
  { data, clock, vault }: Ground,
  timeChecked: () => Promise<void>,
  begun: Begun,
): Outside => {
  const { config, random, logger, fetch } = ports;
  // Deadlines of requests and replication are measured by the machine's own clock.
  const backend = createBackend({ fetch, clock: ports.clock, backendUrl: config.backendUrl });
  const replication = createReplication(() =>
    createSync({
      data,
      backend,
      auth: () =>
        vault.identity && vault.state === 'ready'
          ? {
              kioskId: vault.identity.kioskId,
              backendKey: vault.identity.backendKey,
              clientAssertion: (audience) => vault.clientAssertion(audience),
              rotationWanted: () => rotation.wanted(),
            }
          : null,
      // Replication measures the machine's own clock, so it gets that one.
      clock: ports.clock,
      timeChecked,
      random,
      logger,
    }),
  );
  begun.onStop('replication', () => replication.dispose());
  const keySerials = createLatest<ReadonlySet<string>>(data.keySerials$, new Set());
  begun.disposable('key serials', keySerials);
  const rotation = createKeyRotation({
    ...{ vault, backend, clock: ports.clock, random, logger },
    keys: {
      serials: () => keySerials.value,
      sealed: async (serialNumber) => (await data.keyCertificate(serialNumber))?.sealed ?? null,
      pullAnew: () => data.replica.setCursor('keyCertificates', 0),
    },
    resync: (signal) => replication.resync(signal),
  });
  begun.onStop('key rotation', () => rotation.dispose());
  const trust = createLatest<readonly TrustDocument[]>(data.trust$, []);
  begun.disposable('trust', trust);
  const revocationLists = createRevocationLists();
  const driver =
    ports.driver ??
    openDriverOnRadio(
      { ...ports, clock, machineClock: ports.clock, onStop: (name, stop) => begun.onStop(name, stop) },
      {
        vendorRoot: () => vault.identity?.vendorRoot ?? null,
        timeToken: (challenge) => replication.timeToken(challenge),
        revocationLists: () => revocationLists(trust.value, vault.identity?.owner ?? null),
      },
    );
  begun.onStop('driver', () => driver.dispose());
  return { backend, replication, rotation, driver };
};
