import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { KioskData } from '../data/port.ts';
import type { Journal } from '../journal/journal.ts';
import { captureChallenge } from '../link/kiosk/capture-proof.ts';
import type { EnrolmentOffer, LockDriver } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import { createLatest } from '../platform/latest.ts';
import type { Random } from '../platform/random.ts';
import { mayCapture } from '../visit/rights.ts';
import type { Visits } from '../visit/visit.ts';
import { afterAction, isLive, type EnrolmentAction } from './enrolment-machine.ts';

const readMs = 12_000;

export interface CaptureRequest {
  readonly serialNumber: string;
  readonly name: string;
  readonly group: string;
  /** The lock in whose place it comes once it is ready. */
  readonly replaces?: string | undefined;
  readonly staffId: string;
}

export interface EnrolmentService {
  /**
   * Reads what a new lock offers, checked to be genuine by the driver, and queues it durably. Needs no connection to the
   * backend. `enrolment.already_captured` while a live enrolment of this serial number exists here.
   */
  capture(request: CaptureRequest, signal: AbortSignal): Promise<Result<{ enrolmentId: string }>>;
  /** Puts a refused or uncertain enrolment back into the queue. */
  retry(enrolmentId: string): Promise<Result<null>>;
  /** Gives up an enrolment that has surely not been registered. */
  abandon(enrolmentId: string): Promise<Result<null>>;
  dispose(): void;
}

export interface EnrolmentOptions {
  readonly driver: Pick<LockDriver, 'readEnrolment'>;
  readonly data: Pick<KioskData, 'enrolments$' | 'enrolment' | 'putEnrolment'>;
  readonly visits: Pick<Visits, 'inTurn' | 'meet'>;
  readonly journal: Journal;
  /** The registered kiosk's id. */
  readonly kioskId: () => string | null;
  readonly clock: Clock;
  readonly random: Random;
}

export const createEnrolmentService = (options: EnrolmentOptions): EnrolmentService => {
  const { driver, data, visits, journal, kioskId, clock, random } = options;
  const enrolments = createLatest<readonly EnrolmentDocument[]>(data.enrolments$, []);

  const alreadyCaptured = (serialNumber: string): boolean =>
    enrolments.value.some((enrolment) => enrolment.serialNumber === serialNumber && isLive(enrolment));

  const read = async (
    serialNumber: string,
    challenge: Uint8Array,
    signal: AbortSignal,
  ): Promise<Result<EnrolmentOffer>> => {
    if (alreadyCaptured(serialNumber)) return fail('enrolment.already_captured', { serialNumber });
    const met = await visits.meet(mayCapture, { serialNumber, signal });
    if (!met.ok) return met;
    // Whether it is new it says itself: what is advertised in its name, anyone can.
    const offer = await driver.readEnrolment(serialNumber, challenge, { deadlineMs: readMs, signal });
    if (!offer.ok) return offer;
    // A driver answers for the lock that it was asked about; an offer of another would be filed under the wrong name.
    if (offer.value.serialNumber !== serialNumber) return fail('lock.not_genuine', { serialNumber });
    return offer;
  };

  const queue = async (
    { serialNumber, name, group, replaces, staffId }: CaptureRequest,
    { kiosk, enrolmentId, offer }: { kiosk: string; enrolmentId: string; offer: EnrolmentOffer },
  ): Promise<Result<{ enrolmentId: string }>> => {
    const at = clock.now();
    const event = journal.plan({ kind: 'enrolment_captured', staffId, serialNumber });
    const captured: EnrolmentDocument = {
      enrolmentId,
      serialNumber,
      state: 'captured',
      problem: null,
      type: offer.type,
      name,
      group,
      enrolmentCode: encode(offer.enrolmentCode),
      deviceCertificate: encode(offer.deviceCertificate),
      proof: offer.proof && encode(offer.proof),
      ...(replaces === undefined ? {} : { replaces }),
      kioskId: kiosk,
      staffId,
      capturedAt: at,
      changedAt: at,
      operationId: random.uuid(),
      version: 0,
    };
    const stored = await data.putEnrolment(captured, event);
    if (!stored.ok) return stored;
    await journal.recordPlanned(event);
    return ok({ enrolmentId });
  };

  /** Capture holds the kiosk's one turn at the locks from the check to the durable write: no second one slips in. */
  const capture: EnrolmentService['capture'] = async (request, signal) => {
    const { serialNumber } = request;
    const kiosk = kioskId();
    if (kiosk === null) return fail('sync.registration_refused');
    return visits.inTurn('person', serialNumber, async () => {
      // Drawn before anything is read: what a lock has signed for another capture proves nothing for this one.
      const enrolmentId = random.uuid();
      const offer = await read(serialNumber, captureChallenge(kiosk, enrolmentId), signal);
      if (!offer.ok) return offer;
      // Revoked while the lock was read: nothing of it is kept for who is registered next.
      if (kioskId() !== kiosk) return fail('sync.registration_refused');
      return queue(request, { kiosk, enrolmentId, offer: offer.value });
    });
  };

  const act = async (enrolmentId: string, action: EnrolmentAction): Promise<Result<null>> => {
    const enrolment = await data.enrolment(enrolmentId);
    if (!enrolment) return fail('enrolment.not_found');
    const next = afterAction(enrolment, action, { operationId: random.uuid(), at: clock.now() });
    return next.ok ? data.putEnrolment(next.value) : next;
  };

  return {
    capture,
    retry: (enrolmentId) => act(enrolmentId, 'retry'),
    abandon: (enrolmentId) => act(enrolmentId, 'abandon'),
    dispose: () => enrolments.dispose(),
  };
};

const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
