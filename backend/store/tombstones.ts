/**
 * What is left of a row that is deleted: its id and version, so that kiosks learn that it is gone, and nothing of what it was.
 * Each is written with `deleted` and blanks every column that says something of a person, a place or a key.
 */
import type { StaffDocument } from '#shared/models/documents.ts';

/** Never compared with: a person who is gone does not sign in, and one who comes back gets a PIN anew. */
const noPin = { n: 0, r: 0, p: 0, salt: '', hash: '' } satisfies StaffDocument['pin'];

export const goneStaff = {
  deleted: true,
  name: '',
  pin: JSON.stringify(noPin),
  duress_pin: null,
  badges: null,
  badges_blocked_at: null,
  employee_number: null,
  roles: null,
  valid_from: null,
  valid_until: null,
  language: null,
  assignments: null,
  person_revision: null,
} as const;

export const goneLock = {
  deleted: true,
  type: '',
  name: '',
  group_name: '',
  device_certificate: '',
  place_id: null,
  spare: false,
} as const;

/** The lock has given this key up: nothing is left that it would open. */
export const goneKey = { deleted: true, encrypted: Buffer.alloc(0) } as const;

/** Its state stays, for whoever pushes a change of it late. */
export const goneEnrolment = {
  deleted: true,
  type: '',
  name: '',
  group_name: '',
  enrolment_code: '',
  device_certificate: '',
  proof: null,
  replaces: null,
  problem: null,
  staff_id: '00000000-0000-0000-0000-000000000000',
} as const;

/** The lock's serial number stays: an order that was taken back is found by it when it is given again, with a token anew. */
export const goneReleaseOrder = { deleted: true, owner: '', token: '' } as const;

export const goneIntermediate = {
  deleted: true,
  owner: '',
  certificate: '',
  not_before: 0,
  not_after: 0,
} as const;
