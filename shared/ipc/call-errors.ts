/** Errors that several calls may answer with. */

/** What keeps a person from something, whatever they bring. */
export const rightsErrors = [
  'staff.not_yet',
  'staff.ended',
  'rights.not_permitted',
  'rights.outside_hours',
  'rights.never_open',
  'rights.not_understood',
] as const;

/** Why a PIN is not taken. */
export const pinErrors = [
  'staff.wrong_pin',
  'staff.locked_out',
  'staff.unknown',
  'storage.disk_full',
  'storage.read_only',
] as const;

/** Why a badge proves nothing. */
export const badgeErrors = [
  'badge.unknown',
  'badge.blocked',
  'badge.of_two',
  'badge.paused',
  'badge.no_key',
  'badge.unreadable',
] as const;

/** Why whoever is signed in has not proved it once more, or what they did could not be put on record. */
export const ownProofErrors = [...pinErrors, ...badgeErrors, 'badge.not_yours'] as const;

/** What may be wrong with what a person has brought, or be missing of it. */
export const askedErrors = [
  'rights.wait_needed',
  'rights.wait_runs',
  'rights.reason_needed',
  'rights.reason_unknown',
  'rights.badge_needed',
  'rights.pin_needed',
  'rights.second_person_needed',
  'rights.same_person',
  'rights.may_not_approve',
  ...pinErrors,
  ...badgeErrors,
] as const;

/** What may keep the kiosk from a lock. */
export const reachErrors = [
  'lock.busy',
  'lock.not_near',
  'lock.cancelled',
  'lock.connect_timeout',
  'lock.link_lost',
  'lock.answer_timeout',
  'lock.protocol',
  'lock.not_genuine',
  'radio.no_dongle',
  'radio.no_permission',
  'radio.restarting',
  'radio.stuck',
] as const;

/** What may be missing, or refused by the lock, of all that an authenticated command needs. */
export const trustErrors = [
  'lock.chain_refused',
  'lock.refused',
  'lock.no_key',
  'vault.no_secret_store',
  'vault.no_intermediate',
  'vault.intermediate_expired',
  'vault.lease_expired',
  'vault.cannot_open',
] as const;
