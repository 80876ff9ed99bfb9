/** A kiosk that dies while it enrols: before and after everything that it says to the backend or to the lock. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually, openEstate, type Estate } from './estate.ts';

let estate: Estate;
let storeId: string;
beforeAll(async () => {
  estate = await openEstate();
  storeId = await estate.makeStore();
});
afterAll(() => estate.dispose());

/** The instants at which something of an enrolment is said or heard; what a round asks besides changes none of it. */
const matters = (what: string): boolean =>
  what.endsWith('POST /v1/sync/enrolments') ||
  what === 'after GET /v1/sync/enrolments' ||
  what === 'after GET /v1/sync/keyCertificates' ||
  what.endsWith(' provision');

/** Enrols one lock; dies at the nth instant and lives again from the files of that moment. Answers with the instants passed. */
const enrol = async (dieAt: number): Promise<string[]> => {
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await estate.makeLock();
  const passed: string[] = [];
  const files: string[] = [];
  kiosk.instant = (what) => {
    const begun = passed.length > 0 || what === 'before POST /v1/sync/enrolments';
    if (files.length > 0 || !begun || !matters(what)) return;
    passed.push(what);
    if (passed.length === dieAt) files.push(kiosk.freeze());
  };
  await kiosk.capture(lock);
  if (dieAt > 0) {
    await eventually(() => expect(files).toHaveLength(1));
    await kiosk.startFrom(files[0]);
  }
  await eventually(() => expect(kiosk.enrolment(lock)?.state).toBe('provisioned'));
  expect(lock.provisioned).toBe(true);
  const registered = estate.registry
    .serialNumbers()
    .filter((serialNumber) => serialNumber === lock.identity.serialNumber);
  expect(registered).toHaveLength(1);
  await eventually(() => kiosk.requireView('health', ({ connection }) => connection.waiting === 0));
  await kiosk.stop();
  return passed;
};

/** Enough to pass the queueing, the vendor's answer, the arrival of the key and the provisioning. */
const deaths = 9;

test('nobody dies: the instants are those that the deaths below are spread over', async () => {
  const passed = await enrol(0);
  expect(passed).toEqual(
    expect.arrayContaining([
      'before POST /v1/sync/enrolments',
      'after POST /v1/sync/enrolments',
      'after GET /v1/sync/keyCertificates',
      'before provision',
      'after provision',
    ]),
  );
  expect(passed.length).toBeGreaterThanOrEqual(deaths);
});

test.each(Array.from({ length: deaths }, (_, index) => index + 1))(
  'dead at instant %d, it goes on to the same end',
  async (dieAt) => {
    await enrol(dieAt);
  },
  60_000,
);
