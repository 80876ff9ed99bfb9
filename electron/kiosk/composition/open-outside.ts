/** Those the kiosk speaks to: the backend and the locks. */
import type { StoreDocument } from '#shared/models/documents.ts';
import type { TrustDocument } from '#shared/models/documents.ts';
import { createBackendClient, type BackendClient } from '../backend/client.ts';
import { createSync } from '../data/sync/create-sync.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import { createLatest } from '../platform/latest.ts';
import { createReplication, type Replication } from '../replication.ts';
import { createKeyRotation, type KeyRotation } from '../vault/key-rotation.ts';
import { createRevocationLists } from '../vault/revocation-lists.ts';
import { openDriverOnRadio } from './open-driver-on-radio.ts';
import type { Ground } from './open-ground.ts';

export interface Outside extends Ground {
  readonly backend: BackendClient;
  readonly replication: Replication;
  readonly rotation: KeyRotation;
  readonly driver: LockDriver;
}

export const openOutside = (ground: Ground): Outside => {
  const { ports, ending, data, vault } = ground;
  const { config, random, logger, fetch } = ports;
  // Deadlines of requests and replication are measured by the machine's own clock.
  const backend = createBackendClient({ fetch, clock: ports.clock, backendUrl: config.backendUrl });
  const replication = createReplication(({ timeChecked, rotationWanted }) =>
    createSync({
      data,
      backend,
      auth: () =>
        vault.identity && vault.state === 'ready'
          ? {
              kioskId: vault.identity.kioskId,
              backendKey: vault.identity.backendKey,
              clientAssertion: (audience) => vault.clientAssertion(audience),
              openPin: (staffId, sealed) => vault.openPin(staffId, sealed),
              rotationWanted,
            }
          : null,
      // Replication measures the machine's own clock, so it gets that one.
      clock: ports.clock,
      timeChecked,
      random,
      logger,
    }),
  );
  ending.adopt('replication', replication);
  const keySerials = createLatest<ReadonlySet<string>>(data.keySerials$, new Set());
  ending.adopt('key serials', keySerials);
  const store = createLatest<StoreDocument | null>(data.store$, null);
  ending.adopt('store', store);
  const rotation = createKeyRotation({
    vault,
    backend,
    clock: ports.clock,
    random,
    logger,
    keys: {
      serials: () => keySerials.value,
      sealed: async (serialNumber) => (await data.keyCertificate(serialNumber))?.sealed ?? null,
      others: () => (store.value?.badgeKey === undefined ? [] : [store.value.badgeKey]),
      pullAnew: () => {
        data.replica.setCursor('keyCertificates', 0);
        data.replica.setCursor('store', 0);
      },
    },
    resync: (signal) => replication.resync(signal),
  });
  ending.adopt('key rotation', rotation);
  replication.onRotationWanted(() => rotation.wanted());
  const trust = createLatest<readonly TrustDocument[]>(data.trust$, []);
  ending.adopt('trust', trust);
  const revocationLists = createRevocationLists();
  const driver =
    ports.driver ??
    openDriverOnRadio(ground, {
      vendorRoot: () => vault.identity?.vendorRoot ?? null,
      timeToken: (challenge) => replication.timeToken(challenge),
      revocationLists: () => revocationLists(trust.value, vault.identity?.owner ?? null),
    });
  ending.adopt('driver', driver);
  return { ...ground, backend, replication, rotation, driver };
};
