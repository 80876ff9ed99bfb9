/** The services around locks on a fake driver, fake data and a clock that stands still: what most tests of them need. */
import { BehaviorSubject } from 'rxjs';
import { createJournal } from '#kiosk/journal/journal.ts';
import type { LockConcerns } from '#kiosk/locks/concerns.ts';
import { createCredentials } from '#kiosk/visit/credentials.ts';
import { createLockDirectory } from '#kiosk/visit/lock-directory.ts';
import { createLockNames } from '#kiosk/locks/lock-names.ts';
import { createLockServices } from '#kiosk/locks/lock-services.ts';
import { createNearby } from '#kiosk/visit/nearby.ts';
import { createOperationSlot } from '#kiosk/visit/operation-slot.ts';
import { createReadinessWatch, type KioskReadiness } from '#kiosk/visit/kiosk-readiness.ts';
import { storeLocks } from '#kiosk/visit/store-locks.ts';
import { createVisits } from '#kiosk/visit/visit.ts';
import { createUnlockIntents } from '#kiosk/locks/unlock-intents.ts';
import { createJudge } from '#kiosk/staff/judge.ts';
import { createWaits } from '#kiosk/staff/waits.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import type { VaultState } from '#kiosk/vault/port.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { KeyMaterial } from '#shared/models/documents.ts';
import { FakeData } from './fake-data.ts';
import { FakeDriver } from './fake-driver.ts';
import { ids, lockRow, owner, serial, staffRow, storeRow, trustRow } from './kiosk-rows.ts';
import { quietConcerns } from './quiet-concerns.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A vault whose sealed keys are "sealed <serial number>". */
const openPlainly = (sealed: string): Promise<Result<KeyMaterial>> => {
  const serialNumber = /^sealed (\w+)$/.exec(sealed)?.[1];
  return Promise.resolve(
    serialNumber === undefined
      ? fail('vault.cannot_open')
      : ok({ serialNumber, keyCertificate: base64('key certificate'), privateKey: base64('private key') }),
  );
};

export type KioskBench = ReturnType<typeof createKioskBench>;

/** One provisioned lock (`serial`) with its key, in contact a moment ago. */
export const createKioskBench = (concerns: Pick<LockConcerns, 'ended' | 'told'> = quietConcerns) => {
  const clock = new ManualClock();
  const random = seededRandom(7);
  const logger = silentLogger;
  const driver = new FakeDriver();
  const data = new FakeData();
  const vault$ = new BehaviorSubject<VaultState>('ready');
  const lastContactAt$ = new BehaviorSubject<number | null>(clock.now());
  const online = { value: true };

  data.store$.next(storeRow());
  data.trust$.next([trustRow(clock.now())]);
  data.staff$.next([staffRow(ids.ann, 'Ann', '4711'), staffRow(ids.bob, 'Bob', '0815')]);
  data.pull({ locks: [lockRow()], keys: [{ serialNumber: serial, sealed: `sealed ${serial}`, version: 3 }] });

  const nearby = createNearby({ sightings$: driver.sightings$, clock });
  const readinessWatch = createReadinessWatch({
    radio$: driver.radioState$,
    vault$,
    store$: data.store$,
    trust$: data.trust$,
    owner$: new BehaviorSubject(owner),
    lastContactAt$,
    clock,
  });
  const readiness = (): KioskReadiness => readinessWatch.now();
  const storeLocks$ = storeLocks(data);
  const directory = createLockDirectory({ storeLocks$, keySerials$: data.keySerials$, nearby, readiness });
  const credentials = createCredentials({ vault: { open: openPlainly }, data, readiness });
  const slot = createOperationSlot();
  const waits = createWaits(clock);
  const judge = createJudge({ staff$: data.staff$, store$: data.store$, waits, clock });
  const visits = createVisits({ slot, nearby, directory, credentials });
  const journal = createJournal({
    data,
    clock,
    machineClock: clock,
    random,
    logger,
    kioskId: () => ids.kiosk,
    offline: () => !online.value,
  });
  const intents = createUnlockIntents({
    notes: data,
    data,
    journal,
    logger,
    concerns,
    replication: { state: { waiting: 0 } },
  });
  const { unlocks, group, operations, releaser } = createLockServices({
    driver,
    directory,
    nearby,
    visits,
    slot,
    judge,
    waits,
    intents,
    journal,
    clock,
    random,
    logger,
    concerns,
  });
  const names = createLockNames({
    ...{ storeLocks$, judge, journal, data, clock, logger },
  });
  return {
    names,
    clock,
    random,
    logger,
    driver,
    data,
    waits,
    vault$,
    lastContactAt$,
    online,
    nearby,
    readinessWatch,
    readiness,
    storeLocks$,
    directory,
    visits,
    slot,
    judge,
    journal,
    intents,
    unlocks,
    group,
    operations,
    releaser,
  };
};
