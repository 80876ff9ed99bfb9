/** Every way in which an enrolment can end or get stuck, from the kiosk's page to the vendor's memory, and the way out of it. */
import { expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually, owner, type Lock } from './estate.ts';
import { estateTest } from './estate-test.ts';

const stateOf = (kiosk: EstateKiosk, lock: Lock) => {
  const { state, problem, action } = kiosk.enrolment(lock) ?? {};
  return { state, problem: problem?.code ?? null, action };
};
const reaches = (
  kiosk: EstateKiosk,
  lock: Lock,
  expected: { state: string; problem: string | null; action: string | null },
): Promise<void> => eventually(() => expect(stateOf(kiosk, lock)).toEqual(expected));

const test = estateTest
  .extend('storeId', { scope: 'file' }, ({ estate }) => estate.makeStore())
  .extend(
    'timesRegistered',
    ({ estate }) =>
      ({ identity }: Lock) =>
        estate.registry.serialNumbers().filter((each) => each === identity.serialNumber).length,
  );

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ storeId: _storeId }) => undefined);

test.afterEach(({ estate }) => estate.vendorIs('normal'));
const done = { state: 'provisioned', problem: null, action: null };

test('two kiosks of a store capture the same lock offline: one gets it, the other is told who was first', async ({
  estate,
  storeId,
  timesRegistered,
}) => {
  const [first, second] = [await EstateKiosk.at(estate, storeId), await EstateKiosk.at(estate, storeId)];
  const lock = await estate.makeLock();
  for (const kiosk of [first, second]) {
    kiosk.network = 'cut';
    expect((await kiosk.capture(lock)).ok).toBe(true);
    expect(stateOf(kiosk, lock)).toEqual({ state: 'captured', problem: null, action: 'abandon' });
  }
  second.inRange.clear();
  first.network = 'up';
  await first.call('syncNow', null);
  await reaches(first, lock, done);
  second.network = 'up';
  await second.call('syncNow', null);
  await eventually(() => {
    const states = second.view('enrolments').enrolments.map(({ state, problem }) => [state, problem?.code]);
    expect(states).toEqual(
      expect.arrayContaining([
        ['provisioned', undefined],
        ['conflicted', 'enrolment.other_kiosk'],
      ]),
    );
  });
  expect(timesRegistered(lock)).toBe(1);
  // It is a lock of the store all the same: the kiosk that came second opens it too.
  second.bring(lock);
  expect(await second.unlock(lock)).toMatchObject({
    value: { kind: 'open' },
  });
});

test('captured by another store first: taken, said so, and nothing of that lock reaches this store', async ({
  estate,
  storeId,
}) => {
  const [theirs, ours] = [
    await EstateKiosk.at(estate, await estate.makeStore()),
    await EstateKiosk.at(estate, storeId),
  ];
  const lock = await estate.makeLock();
  ours.network = 'cut';
  await ours.capture(lock);
  await theirs.capture(lock);
  await reaches(theirs, lock, done);
  ours.network = 'up';
  await ours.call('syncNow', null);
  await reaches(ours, lock, { state: 'conflicted', problem: 'enrolment.other_kiosk', action: null });
  expect(ours.view('locks').locks.map(({ serialNumber }) => serialNumber)).not.toContain(
    lock.identity.serialNumber,
  );
  // Once the lock has been heard again: what it advertised before it was theirs says less.
  await eventually(async () =>
    expect(await ours.unlock(lock)).toMatchObject({
      value: { error: { code: 'lock.other_store' } },
    }),
  );
});

test("the vendor's answer is lost after it has committed: the key is read again, nothing is registered twice", async ({
  estate,
  storeId,
  timesRegistered,
}) => {
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await estate.makeLock();
  await estate.vendorIs('lose_answer');
  await kiosk.capture(lock);
  await eventually(() => expect(timesRegistered(lock)).toBe(1));
  await estate.vendorIs('normal');
  await reaches(kiosk, lock, done);
  expect(timesRegistered(lock)).toBe(1);
});

test('the vendor has it for somebody else: uncertain, with its reason, tried again by a person, ended by the operator', async ({
  estate,
  storeId,
}) => {
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await estate.makeLock();
  const { serialNumber, type } = lock.identity;
  const foreign = { keyCertificate: new Uint8Array(1), privateKey: new Uint8Array(1), registeredAt: 1 };
  estate.registry.register({ serialNumber, type, owner: `not ${owner}`, ...foreign });
  await kiosk.capture(lock);
  const uncertain = { state: 'uncertain', problem: 'enrolment.already_registered', action: 'retry' };
  await reaches(kiosk, lock, uncertain);
  // While it is open it can't be captured again beside it.
  expect(await kiosk.capture(lock)).toEqual(fail('enrolment.already_captured', { serialNumber }));
  const { enrolmentId } = kiosk.enrolment(lock)!;
  const before = kiosk.enrolment(lock)!.changedAt;
  expect((await kiosk.call('retryEnrolment', { enrolmentId })).ok).toBe(true);
  await eventually(() => expect(kiosk.enrolment(lock)!.changedAt).toBeGreaterThan(before));
  await reaches(kiosk, lock, uncertain);
  await estate.admin('POST', `/enrolments/${enrolmentId}/resolve`, { action: 'refuse' });
  await reaches(kiosk, lock, { state: 'refused', problem: 'enrolment.vendor_refused', action: 'retry' });
  expect(lock.provisioned).toBe(false);
});

test('a code that the vendor does not know: refused, and captured again once the lock has another', async ({
  estate,
  storeId,
}) => {
  const kiosk = await EstateKiosk.at(estate, storeId);
  const [lock, other] = [await estate.makeLock(), await estate.makeLock()];
  const read = kiosk.driver.onReadEnrolment;
  kiosk.driver.onReadEnrolment = async (serialNumber, operation) => {
    const offer = await read(serialNumber, operation);
    return offer.ok ? ok({ ...offer.value, enrolmentCode: other.enrolmentCode }) : offer;
  };
  await kiosk.capture(lock);
  await reaches(kiosk, lock, { state: 'refused', problem: 'enrolment.vendor_refused', action: 'abandon' });
  const { enrolmentId } = kiosk.enrolment(lock)!;
  expect((await kiosk.call('abandonEnrolment', { enrolmentId })).ok).toBe(true);
  await reaches(kiosk, lock, { state: 'abandoned', problem: null, action: null });
  kiosk.driver.onReadEnrolment = read;
  await kiosk.capture(lock);
  await eventually(() => {
    const states = kiosk
      .view('enrolments')
      .enrolments.filter(({ serialNumber }) => serialNumber === lock.identity.serialNumber);
    expect(states.map(({ state }) => state).sort()).toEqual(['abandoned', 'provisioned']);
  });
});

test('the lock is out of range when its key arrives: it waits, says so, survives a restart, and is finished days later', async ({
  estate,
  storeId,
}) => {
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await estate.makeLock();
  await kiosk.capture(lock);
  kiosk.inRange.clear();
  // Whether it was provisioned before it was carried away is decided by who was quicker: here it must not have been.
  kiosk.driver.onProvision = (serialNumber) => Promise.resolve(fail('lock.not_near', { serialNumber }));
  await reaches(kiosk, lock, { state: 'registered', problem: null, action: null });
  // It counts as near until it has not been heard for some seconds.
  await eventually(() => expect(kiosk.enrolment(lock)?.near).toBe(false));
  await kiosk.stop();
  kiosk.clockOffsetMs = estate.clock.offsetMs = 3 * 86_400_000;
  await kiosk.start();
  expect(stateOf(kiosk, lock)).toEqual({ state: 'registered', problem: null, action: null });
  kiosk.bring(lock);
  await reaches(kiosk, lock, done);
  expect(lock.provisioned).toBe(true);
  estate.clock.offsetMs = 0;
}, 60_000);

test('the vendor is down: sent, waiting, and finished by itself when it is back', async ({
  estate,
  storeId,
  timesRegistered,
}) => {
  const kiosk = await EstateKiosk.at(estate, storeId);
  const lock = await estate.makeLock();
  await estate.vendorIs('down');
  await kiosk.capture(lock);
  await reaches(kiosk, lock, { state: 'submitted', problem: null, action: null });
  await estate.vendorIs('normal');
  await reaches(kiosk, lock, done);
  expect(timesRegistered(lock)).toBe(1);
});
