/** An enrolment and its access event are one step: killed at any instant, the kiosk has both or neither, and the event once. */
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createKioskData, type LocalData } from '#kiosk/data/kiosk-data.ts';
import { openSqlConnection, type OpenSqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { createEnrolmentService } from '#kiosk/enrolment/enrolment-service.ts';
import { createProvisioner } from '#kiosk/enrolment/provisioner.ts';
import { createJournal, type Journal } from '#kiosk/journal/journal.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';
import { testDataKeys } from '#support/kiosk-file.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { enrolmentRow, ids, serial } from '#support/kiosk-rows.ts';
import { filesNow, watched } from './every-instant.ts';
import { temporaryFolder } from './temporary-folder.ts';

const staySignal = new AbortController().signal;

const open = async (path: string, openConnection: OpenSqlConnection = openSqlConnection) => {
  const [clock, random, logger] = [new ManualClock(), seededRandom(3), silentLogger];
  const data = await createKioskData({ path, clock, random, logger, openConnection, dataKeys: testDataKeys });
  const journal = createJournal({
    data,
    clock,
    machineClock: clock,
    random,
    logger,
    kioskId: () => ids.kiosk,
    offline: () => true,
  });
  const dispose = async (): Promise<void> => {
    await journal.dispose();
    await data.dispose();
  };
  return { data, journal, dispose };
};

const journalOf = (data: LocalData): Promise<readonly AccessEvent[]> =>
  data.replica.unacknowledgedEvents(1000);

/** The files at every instant of `act`, with the enrolments `before` in them. */
const instantsOf = async (
  act: (data: LocalData, journal: Journal, bench: ReturnType<typeof createKioskBench>) => Promise<unknown>,
): Promise<string[]> => {
  const path = join(temporaryFolder(), 'kiosk.db');
  const files: string[] = [];
  let isWatching = false;
  const kiosk = await open(
    path,
    watched(() => {
      if (isWatching) files.push(filesNow(path));
    }),
  );
  await kiosk.data.putEnrolment(enrolmentRow({ enrolmentId: ids.enrolment, state: 'registered' }));
  const bench = createKioskBench();
  isWatching = true;
  await act(kiosk.data, kiosk.journal, bench);
  isWatching = false;
  // Two that are open at once hold more collections than RxDB allows without making them wait.
  await kiosk.dispose();
  expect(files.length).toBeGreaterThan(3);
  return files;
};

/** Lives again from each of the files, twice; `happened` says whether the enrolment tells of the deed. */
const checkEach = async (
  files: readonly string[],
  kind: AccessEvent['kind'],
  happened: (data: LocalData) => Promise<boolean>,
): Promise<void> => {
  const seen = new Set<boolean>();
  for (const path of files) {
    for (let life = 0; life < 2; life += 1) {
      const { data, journal, dispose } = await open(path);
      await journal.recover();
      const events = await journalOf(data);
      const isThere = await happened(data);
      expect(events.filter((event) => event.kind === kind)).toHaveLength(isThere ? 1 : 0);
      let previousHash = firstPreviousHash;
      for (const event of events) {
        expect(event.previousHash).toBe(previousHash);
        previousHash = event.hash;
      }
      expect(await data.unrecordedEvents()).toEqual([]);
      seen.add(isThere);
      await dispose();
    }
  }
  expect([...seen].sort()).toEqual([false, true]);
};

const newSerial = '0000051a00000077';

it('a capture and its event, killed at every instant', async () => {
  const files = await instantsOf(async (data, journal, bench) => {
    bench.driver.hear(newSerial, { provisioned: false });
    const enrolments = createEnrolmentService({ ...bench, data, journal, kioskId: () => ids.kiosk });
    const request = { serialNumber: newSerial, name: 'Case 7', group: '', staffId: ids.ann };
    expect(await enrolments.capture(request, staySignal)).toMatchObject({ ok: true });
    enrolments.dispose();
  });
  await checkEach(files, 'enrolment_captured', (data) =>
    Promise.resolve(data.replica.pendingEnrolments(10).some((each) => each.serialNumber === newSerial)),
  );
});

it('a provisioning and its event, killed at every instant', async () => {
  const files = await instantsOf(async (data, journal, bench) => {
    bench.driver.hear(serial, { provisioned: false });
    const provisioner = createProvisioner({ ...bench, data, journal });
    expect(await provisioner.provision(ids.enrolment, ids.ann, staySignal)).toMatchObject({ ok: true });
  });
  await checkEach(
    files,
    'lock_provisioned',
    async (data) => (await data.enrolment(ids.enrolment))?.state === 'provisioned',
  );
});

it("what the backend says in between does not take an enrolment's event away", async () => {
  const path = join(temporaryFolder(), 'kiosk.db');
  const first = await open(path);
  const event = first.journal.plan({ kind: 'enrolment_captured', serialNumber: serial });
  const captured = enrolmentRow({ state: 'captured', version: 0 });
  await first.data.putEnrolment(captured, event ?? undefined);
  const master = { ...captured, state: 'submitted' as const, version: 9 };
  await first.data.replica.settleEnrolment(captured, { status: 'accepted', master });
  await first.data.replica.applyPage('enrolments', [{ ...master, version: 10, deleted: false }]);
  await first.dispose();
  const again = await open(path);
  onTestFinished(again.dispose);
  await again.journal.recover();
  expect(await journalOf(again.data)).toMatchObject([
    { kind: 'enrolment_captured', eventId: event?.eventId },
  ]);
  expect(await again.data.enrolment(ids.enrolment)).toEqual({ ...master, version: 10 });
  expect(await again.data.unrecordedEvents()).toEqual([]);
});

it('an event that waits for the disk is not recorded a second time', async () => {
  const { data, journal, dispose } = await open(join(temporaryFolder(), 'kiosk.db'));
  onTestFinished(dispose);
  const captured = enrolmentRow({ state: 'captured', version: 0 });
  const event = journal.plan({ kind: 'enrolment_captured', serialNumber: serial });
  await data.putEnrolment(captured, event ?? undefined);
  await Promise.all([journal.recordPlanned(event), journal.record({ kind: 'signed_in' })]);
  await journal.recover();
  expect((await journalOf(data)).map(({ kind }) => kind)).toEqual(['enrolment_captured', 'signed_in']);
});
