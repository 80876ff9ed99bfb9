import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enrolmentStates, type EnrolmentDocument, type EnrolmentState } from '#shared/models/enrolment.ts';
import { enrolmentOf } from '#support/documents.ts';
import { isFinalRefusal, mergeEnrolment, sameCapture } from './conflict-rules.ts';

const local = (state: EnrolmentState, change: Partial<EnrolmentDocument> = {}): EnrolmentDocument =>
  enrolmentOf(1, { state, operationId: 'local', changedAt: 2, ...change });
const master = (state: EnrolmentState, change: Partial<EnrolmentDocument> = {}): EnrolmentDocument =>
  enrolmentOf(1, { state, version: 9, ...change });

describe('an enrolment that was changed on both sides', () => {
  const kept: readonly [EnrolmentState, EnrolmentState][] = [
    ['provisioned', 'registered'],
    ['abandoned', 'captured'],
    ['abandoned', 'submitted'],
    ['abandoned', 'refused'],
    ['abandoned', 'conflicted'],
    ['captured', 'refused'],
    ['captured', 'uncertain'],
    ['captured', 'conflicted'],
    ['submitted', 'uncertain'],
  ];

  it.each(kept)('keeps the %s of the kiosk over the %s of the backend', (ours, theirs) => {
    const merged = mergeEnrolment(local(ours), master(theirs));
    expect(merged).toMatchObject({
      take: 'merged',
      document: { state: ours, version: 9, operationId: 'local' },
    });
  });

  it('takes the state of the backend in every other pair', () => {
    for (const ours of enrolmentStates) {
      for (const theirs of enrolmentStates) {
        if (kept.some(([a, b]) => a === ours && b === theirs)) continue;
        expect(mergeEnrolment(local(ours), master(theirs)), `${ours} over ${theirs}`).toEqual({
          take: 'master',
        });
      }
    }
  });

  it('knows a capture by all that was said of it, and not by its state or its times', () => {
    const one = enrolmentOf(1);
    const later = { ...one, state: 'registered' as const, version: 7, changedAt: 5, operationId: 'other' };
    expect(sameCapture(one, { ...later, capturedAt: 4 })).toBe(true);
    for (const field of ['serialNumber', 'type', 'name', 'group', 'enrolmentCode', 'kioskId'] as const) {
      expect(sameCapture(one, { ...later, [field]: 'x' }), field).toBe(false);
    }
  });

  it('takes the master where it is the local operation come back', () => {
    const ours = local('provisioned');
    expect(mergeEnrolment(ours, master('provisioned', { operationId: 'local' }))).toEqual({ take: 'master' });
  });

  it('takes the news that another kiosk was first, which answers its own operation', () => {
    const ours = local('captured');
    expect(mergeEnrolment(ours, master('conflicted', { operationId: 'local' }))).toEqual({ take: 'master' });
  });

  it('ends: merging again with the same master gives the same, and the rule never throws', () => {
    const state = fc.constantFrom(...enrolmentStates);
    fc.assert(
      fc.property(state, state, (ours, theirs) => {
        const m = master(theirs);
        const once = mergeEnrolment(local(ours), m);
        if (once.take === 'merged') expect(mergeEnrolment(once.document, m)).toEqual(once);
      }),
    );
  });

  it('sees a refusal on top of the very row that the backend holds as its last word', () => {
    expect(isFinalRefusal(enrolmentOf(1, { version: 9 }), master('registered'))).toBe(true);
    expect(isFinalRefusal(enrolmentOf(1, { version: 8 }), master('registered'))).toBe(false);
  });
});
