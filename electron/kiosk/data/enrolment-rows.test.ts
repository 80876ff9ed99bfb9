import { describe, expect, it } from 'vitest';
import { enrolmentOf, uuid } from '#support/documents.ts';
import { afterAction } from '../enrolment/enrolment-machine.ts';
import { mergedRow, movedTo, sentAgain, settledRow, toPushed, type PushedAnswer } from './enrolment-rows.ts';
import type { StoredEnrolment } from './schemas.ts';

const pushed = enrolmentOf(1);
const waiting: StoredEnrolment = { ...pushed, pending: true };
/** Changed again while its earlier change was under way. */
const givenUpSince: StoredEnrolment = { ...waiting, state: 'abandoned', operationId: uuid(77) };
const master = enrolmentOf(1, { state: 'submitted', version: 5 });

it('a proof is lost to an enrolment that becomes another kiosk’s: it names the one that asked for it', () => {
  const proven: StoredEnrolment = { ...waiting, proof: 'BAUG' };
  expect(movedTo(uuid(9), proven)).toEqual({ ...proven, kioskId: uuid(9), proof: null });
  expect(sentAgain(proven, uuid(9)).proof).toBeNull();
  expect(movedTo(proven.kioskId, proven)).toBe(proven);
  expect(sentAgain(proven, proven.kioskId).proof).toBe('BAUG');
});

describe('a change that was pushed, and accepted', () => {
  const accepted: PushedAnswer = { status: 'accepted', master };

  it('waits no longer', () => {
    expect(settledRow(waiting, pushed, accepted)).toEqual({ ...master, pending: false });
  });

  it('waits again where it was changed since', () => {
    const row = settledRow(givenUpSince, pushed, accepted);
    expect(row).toMatchObject({ state: 'abandoned', operationId: uuid(77), version: 5, pending: true });
  });

  it('changes nothing where its row is gone', () => {
    expect(settledRow(undefined, pushed, accepted)).toBeNull();
  });
});

describe('a change that was pushed, and not taken', () => {
  it('gives way to the row it was based on, or it would be pushed for ever', () => {
    const held = enrolmentOf(1, { state: 'registered', version: pushed.version, operationId: uuid(78) });
    const conflict: PushedAnswer = { status: 'conflict', master: held };
    const asked = enrolmentOf(1, { state: 'provisioned' });
    expect(settledRow({ ...asked, pending: true }, asked, conflict)).toEqual({ ...held, pending: false });
  });

  it('is merged with a newer one', () => {
    const held = enrolmentOf(1, { state: 'registered', version: 6, operationId: uuid(78) });
    const provisioned = enrolmentOf(1, { state: 'provisioned', version: 5, operationId: uuid(79) });
    const row = settledRow({ ...provisioned, pending: true }, provisioned, {
      status: 'conflict',
      master: held,
    });
    expect(row).toMatchObject({ state: 'provisioned', version: 6, pending: true });
  });

  it('is conflicted where the backend holds another enrolment of the lock', () => {
    const others = enrolmentOf(1, { enrolmentId: uuid(500), version: 6 });
    expect(settledRow(waiting, pushed, { status: 'conflict', master: others })).toMatchObject({
      enrolmentId: pushed.enrolmentId,
      state: 'conflicted',
      pending: false,
      problem: { code: 'enrolment.other_kiosk', params: { serialNumber: pushed.serialNumber } },
    });
  });

  const error = { code: 'sync.invalid_rows', params: { count: 1 } } as const;
  const invalid: PushedAnswer = { status: 'invalid', error };

  it('is refused where the backend can do nothing with it', () => {
    expect(settledRow(waiting, pushed, invalid)).toMatchObject({
      state: 'refused',
      problem: error,
      pending: false,
    });
    expect(settledRow(givenUpSince, pushed, invalid)).toBeNull();
  });

  it('stays provisioned all the same: the lock has its key', () => {
    const provisioned: StoredEnrolment = { ...waiting, state: 'provisioned' };
    expect(settledRow(provisioned, pushed, invalid)).toEqual({ ...provisioned, pending: false });
  });
});

describe('a row that the backend says', () => {
  it('is taken where there is none, and passed over where it is here', () => {
    expect(mergedRow(undefined, master)).toEqual({ ...master, pending: false });
    expect(mergedRow({ ...master, pending: false }, master)).toBeNull();
    const next = enrolmentOf(1, { state: 'registered', version: 6 });
    expect(mergedRow({ ...master, pending: false }, next)).toEqual({ ...next, pending: false });
  });
});

it.each([
  ['submitted', 'captured'],
  ['registered', 'captured'],
  ['provisioned', 'captured'],
  ['uncertain', 'captured'],
  ['refused', 'abandoned'],
  ['conflicted', 'abandoned'],
  ['abandoned', 'abandoned'],
] as const)('to a backend that has lost it, one that was %s is told as %s', (state, told) => {
  const row = sentAgain({ ...master, state, pending: false }, master.kioskId);
  expect(row).toMatchObject({ version: 0, pending: true });
  expect(toPushed(row)).toMatchObject({ state: told, version: 0 });
  // The vendor may have its lock registered: a person can't give it up as one that has never been sent.
  const change = { operationId: uuid(7), at: 9 };
  expect(afterAction(row, 'abandon', change)).toMatchObject({ ok: false });
});

it('a version that another history of the backend gave to another state is taken', () => {
  const here: StoredEnrolment = { ...master, state: 'registered', pending: false };
  expect(mergedRow(here, master)).toEqual({ ...master, pending: false });
  expect(mergedRow({ ...master, pending: false }, master)).toBeNull();
});
