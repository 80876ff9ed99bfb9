/**
 * What becomes of a document that was changed on both sides. One rule per collection, and none of them can throw.
 *
 * | collection                                     | rule                                                            |
 * | ---------------------------------------------- | --------------------------------------------------------------- |
 * | store, trust, staff, locks, keyCertificates     | the backend's word stands; a kiosk never writes them            |
 * | accessEvents                                    | never change; an event that the backend holds is the same event |
 * | enrolments                                      | `mergeEnrolment`: each side keeps the states that are its own   |
 */
import type { EnrolmentDocument, EnrolmentState } from '#shared/models/enrolment.ts';

export type Merged =
  /** The local change is in the master already, or has no place in it. */
  | { readonly take: 'master' }
  /** The local change stands on top of the master and has yet to be pushed. */
  | { readonly take: 'merged'; readonly document: EnrolmentDocument };

/** Which states of the backend a state set by the kiosk may follow; the backend has the same table for what is pushed. */
const mayFollow: Readonly<Partial<Record<EnrolmentState, readonly EnrolmentState[]>>> = {
  // Someone asks again for what came to nothing.
  captured: ['refused', 'uncertain', 'conflicted'],
  submitted: ['uncertain'],
  // The key is in the lock: that happened, and only a registered lock can get there.
  provisioned: ['registered'],
  // Given up before it was registered; an uncertain one is. Whether the vendor has seen a submitted one the backend says.
  abandoned: ['captured', 'submitted', 'refused', 'conflicted'],
};

/**
 * `local` has a change that is not acknowledged; `master` is what the backend holds now. Only the state is anyone's to
 * change: what an enrolment is about, its name and group among it, is said once, at capture (`sameCapture`).
 */
export const mergeEnrolment = (local: EnrolmentDocument, master: EnrolmentDocument): Merged => {
  // Our own operation: the answer to it was lost, or the backend has gone on from it.
  if (local.operationId === master.operationId) return { take: 'master' };
  if (!mayFollow[local.state]?.includes(master.state)) return { take: 'master' };
  const { state, changedAt, operationId } = local;
  return { take: 'merged', document: { ...master, state, problem: null, changedAt, operationId } };
};

/** What no change of an enrolment touches, on either side. */
const capturedFields = [
  'serialNumber',
  'type',
  'name',
  'group',
  'enrolmentCode',
  'deviceCertificate',
  'replaces',
  'kioskId',
  'staffId',
] as const satisfies readonly (keyof EnrolmentDocument)[];

/** Whether two versions of an enrolment tell of the same capture. */
export const sameCapture = (a: EnrolmentDocument, b: EnrolmentDocument): boolean =>
  capturedFields.every((field) => a[field] === b[field]);

/**
 * The backend refused a change that was based on the very row that it still holds: asking again would never end, so its
 * word stands.
 */
export const isFinalRefusal = (pushed: EnrolmentDocument, master: EnrolmentDocument): boolean =>
  master.version <= pushed.version;
