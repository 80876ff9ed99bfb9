/** Defects of drivers in what is not an unlock: capturing a lock, reading a lock's ring, giving a lock back, and holding one in readiness. */
import { filter } from 'rxjs';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { LockDriver, LockOperation, RingEvents } from '#kiosk/link/lock-driver.ts';

type Breaks = (driver: LockDriver) => LockDriver;
type ReadEnrolment = LockDriver['readEnrolment'];
type Release = LockDriver['release'];
type Prepare = NonNullable<LockDriver['prepare']>;

/** Changes what the ring is said to hold. */
const ring =
  (change: (told: RingEvents) => RingEvents): Breaks =>
  (driver) => ({
    ...driver,
    events: async (...call) => {
      const answer = await driver.events(...call);
      return answer.ok ? ok(change(answer.value)) : answer;
    },
  });

/** Changes what is made of what a new lock offers. */
const withOffer =
  (change: (read: ReadEnrolment) => ReadEnrolment): Breaks =>
  (driver) => ({ ...driver, readEnrolment: change((...call) => driver.readEnrolment(...call)) });

/** Changes what a release is given. */
const releaseLimits =
  (change: (operation: LockOperation) => LockOperation): Breaks =>
  (driver) => ({
    ...driver,
    release: (serialNumber, credentials, token, operation) =>
      driver.release(serialNumber, credentials, token, change(operation)),
  });

const withRelease =
  (change: (release: Release) => Release): Breaks =>
  (driver) => ({ ...driver, release: change((...call) => driver.release(...call)) });

const withPrepare =
  (change: (prepare: Prepare) => Prepare): Breaks =>
  (driver) => {
    if (!driver.prepare) return driver;
    return { ...driver, prepare: change((...call) => driver.prepare?.(...call) ?? never()) };
  };
const never = (): Promise<never> => Promise.reject(new Error('prepare has gone away'));

export const custodyDefects = {
  takesAnyCode: withOffer((read) => async (...call) => {
    const answer = await read(...call);
    if (answer.ok || answer.error.code !== 'lock.not_genuine') return answer;
    const nothing = new Uint8Array(1);
    return ok({
      serialNumber: call[0],
      type: '',
      enrolmentCode: nothing,
      deviceCertificate: nothing,
      proof: null,
    });
  }),
  repeatsProofs: withOffer((read) => {
    const proofs = new Map<string, Uint8Array | null>();
    return async (...call) => {
      const answer = await read(...call);
      if (!answer.ok) return answer;
      const { serialNumber } = answer.value;
      const proof = proofs.get(serialNumber) ?? answer.value.proof;
      proofs.set(serialNumber, proof);
      return ok({ ...answer.value, proof });
    };
  }),
  inventsProofs: withOffer((read) => async (...call) => {
    const answer = await read(...call);
    return answer.ok ? ok({ ...answer.value, proof: answer.value.proof ?? new Uint8Array(1) }) : answer;
  }),
  tellsTheRingBackwards: ring(({ events, more }) => ({ events: events.toReversed(), more })),
  tellsNoActors: ring(({ events, more }) => ({
    events: events.map((event) => ({ ...event, actorHash: null })),
    more,
  })),
  neverEndsTheRing: ring(({ events }) => ({ events, more: true })),
  readsTheRingFromTheBeginning: (driver) => ({
    ...driver,
    events: (serialNumber, credentials, _after, operation) =>
      driver.events(serialNumber, credentials, 0, operation),
  }),
  releasesUncommitted: releaseLimits(({ deadlineMs, signal, onStage }) => ({
    deadlineMs,
    ...(signal === undefined ? {} : { signal }),
    ...(onStage === undefined ? {} : { onStage }),
  })),
  releasesUnstoppably: releaseLimits(({ deadlineMs, onStage, onCommitted }) => ({
    deadlineMs,
    ...(onStage === undefined ? {} : { onStage }),
    ...(onCommitted === undefined ? {} : { onCommitted }),
  })),
  takesUnknownForReleased: withRelease((release) => async (...call) => {
    const answer = await release(...call);
    return !answer.ok && answer.error.code === 'lock.outcome_unknown' ? ok(null) : answer;
  }),
  takesAnyTokenForGood: withRelease((release) => async (...call) => {
    const answer = await release(...call);
    return !answer.ok && answer.error.code === 'lock.refused' ? ok(null) : answer;
  }),
  releasesOnlyOnce: withRelease((release) => {
    const released = new Set<string>();
    return async (...call) => {
      const [serialNumber] = call;
      if (released.has(serialNumber)) return fail('lock.not_provisioned', { serialNumber });
      released.add(serialNumber);
      return release(...call);
    };
  }),
  preparesInSecret: (driver) => {
    const held = new Set<string>();
    const hiding = withPrepare((prepare) => async (...call) => {
      const answer = await prepare(...call);
      if (answer.ok) held.add(call[0]);
      return answer;
    });
    const sightings$ = driver.sightings$.pipe(filter(({ serialNumber }) => !held.has(serialNumber)));
    return { ...hiding(driver), sightings$ };
  },
  preparesAnything: withPrepare((prepare) => async (...call) => {
    const answer = await prepare(...call);
    return !answer.ok && answer.error.code !== 'lock.cancelled' ? ok(null) : answer;
  }),
  holdsOneAndNoOther: (driver) => {
    let held: string | null = null;
    const holding = withPrepare((prepare) => (...call) => {
      held = call[0];
      return prepare(...call);
    });
    return {
      ...holding(driver),
      unlock: (...call) => {
        const [serialNumber] = call;
        const isOther = held !== null && held !== serialNumber;
        return isOther ? Promise.resolve(fail('lock.busy', { serialNumber })) : driver.unlock(...call);
      },
    };
  },
} satisfies Record<string, Breaks>;
