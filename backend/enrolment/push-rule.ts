/**
 * What becomes of an enrolment that a kiosk pushes: a pure table, so that it can be read and tested as one.
 *
 *   kiosk pushes      backend holds                            becomes
 *   captured          nothing, serial free                     submitted
 *   captured          nothing, serial only claimed by another  submitted, waits (`serial-line.ts`)
 *   captured          nothing, serial held by another for good conflicted
 *   captured          refused, uncertain, conflicted           submitted again (or conflicted)
 *   provisioned       registered, provisioned                  provisioned
 *   abandoned         nothing                                  abandoned
 *   abandoned         refused, conflicted                      abandoned
 *   abandoned         submitted, but never sent                abandoned
 *   anything else                                              unchanged: the kiosk takes the backend's
 */
import type { EnrolmentState } from '#shared/models/enrolment.ts';

export type PushDecision =
  /** Hand it to the vendor if the serial number can be had. */
  | 'submit'
  | 'provision'
  | 'abandon'
  /** Only if the vendor cannot have seen it. */
  | 'withdraw'
  | 'keep'
  /** A kiosk cannot know of such an enrolment without the backend having it. */
  | 'unknown';

export const decidePush = (pushed: EnrolmentState, held: EnrolmentState | null): PushDecision => {
  const isFree = held === null || held === 'refused' || held === 'conflicted';
  switch (pushed) {
    case 'captured':
      return isFree || held === 'uncertain' ? 'submit' : 'keep';
    case 'provisioned':
      if (held === null) return 'unknown';
      return held === 'registered' ? 'provision' : 'keep';
    case 'abandoned':
      if (isFree) return 'abandon';
      // The vendor has an uncertain one registered: it can be asked for again, and not be forgotten.
      return held === 'submitted' ? 'withdraw' : 'keep';
    case 'submitted':
    case 'registered':
    case 'refused':
    case 'uncertain':
    case 'conflicted':
      return held === null ? 'unknown' : 'keep';
  }
};
