/** Revoked while the disk takes nothing, and then killed: the vault alone could note it, because a rename needs no room. */
import { readdirSync } from 'node:fs';
import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { expect } from 'vitest';
import type { SyncState } from '#kiosk/data/port.ts';
import { createLifeCycle } from '#kiosk/life-cycle.ts';
import { silentLogger as logger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { unregisteredSync } from '#kiosk/data/sync/round-end.ts';
import type { Vault } from '#kiosk/vault/port.ts';
import { createVault } from '#kiosk/vault/vault.ts';
import { readVaultFiles } from '#kiosk/vault/vault-files.ts';
import { ok } from '#shared/errors/app-error.ts';
import { secretStore } from '#support/kiosk-file.ts';
import { FakeData } from '#support/fake-data.ts';
import { ids, staffRow } from '#support/kiosk-rows.ts';
import { revocationWord } from '#support/revocation-word.ts';
import { folderTest } from '#support/folder-test.ts';

const test = folderTest.extend('start', ({ folder }) => async (data: FakeData) => {
  const ports = { clock: new ManualClock(), random: seededRandom(1), logger };
  const files = await readVaultFiles({ dir: folder, secretStore, logger });
  const vault = createVault({ files, secretStore, ...ports });
  const state$ = new BehaviorSubject<SyncState>(unregisteredSync);
  const lifeCycle = createLifeCycle({
    vault,
    data,
    notice: null,
    hiddenNotice: null,
    ...ports,
    registration: { register: () => Promise.resolve(ok(null)) },
    replication: { state$, start: () => undefined, restart: () => Promise.resolve() },
    lastWords: { keep: () => Promise.resolve(ok(null)), keepAgain: () => Promise.resolve() },
  });
  return { vault, state$, lifeCycle, phase: () => firstValueFrom(lifeCycle.phase$) };
});

const register = async (vault: Vault): Promise<void> => {
  const keys = await vault.prepareKeys();
  if (!keys.ok) throw new Error('no keys');
  await vault.saveIdentity({
    kioskId: ids.kiosk,
    kioskName: 'Counter',
    storeId: ids.store,
    storeName: 'Harbour Street',
    owner: 'owner',
    backendKey: keys.value.signingKey,
    vendorRoot: 'AAAA',
  });
};
const noCode = { code: undefined, name: 'Counter' };

test('the next start knows, erases what is left, and takes a new code from a person only', async ({
  folder,
  start,
}) => {
  const data = new FakeData();
  const first = await start(data);
  await register(first.vault);
  await first.lifeCycle.start(noCode);
  data.staff$.next([staffRow(ids.ann, 'Ann', '4711')]);
  data.diskFull = true;
  first.state$.next({ ...unregisteredSync, revocation: revocationWord() });
  await expect.poll(() => readdirSync(folder)).toEqual(['identity.erased']);
  expect([await first.phase(), first.vault.identity, data.erased]).toEqual(['revoked', null, 0]);
  expect(data.notes.get('revoked')).toBeUndefined();

  // Killed: nobody tells the first to stop.
  data.diskFull = false;
  const second = await start(data);
  await second.lifeCycle.start(noCode);
  expect([await second.phase(), data.erased, data.staff$.value]).toEqual(['revoked', 1, []]);
  expect(readdirSync(folder)).toEqual([]);
  for (const { lifeCycle } of [first, second]) await lifeCycle.dispose();
});

test('a mark that is older than an identity erases nothing of it', async ({ folder, start }) => {
  const data = new FakeData();
  const first = await start(data);
  await register(first.vault);
  await first.vault.erase();
  await register(first.vault);
  expect(readdirSync(folder).sort()).toEqual(['identity.erased', 'identity.json', 'keys.wrapped']);
  const second = await start(data);
  await second.lifeCycle.start(noCode);
  expect([await second.phase(), second.vault.identity?.kioskId, data.erased]).toEqual([
    'ready',
    ids.kiosk,
    0,
  ]);
  for (const { lifeCycle } of [first, second]) await lifeCycle.dispose();
});
