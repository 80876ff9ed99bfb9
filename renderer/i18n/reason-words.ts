/**
 * Which words belong to a reason that a lock, the kiosk or the lock's maker gives beside an error. Reasons that mean the same to
 * a person have the same words; one that is not known here has the error's general words and shows for support only.
 */
import type { ErrorCode } from '#shared/errors/table.ts';

type Groups = Readonly<Record<string, string>>;

export const reasonGroups = {
  'lock.refused': {
    locked_out: 'locked_out',
    time_untrusted: 'time_untrusted',
    battery_low: 'battery_low',
    jammed: 'jammed',
    bad_command: 'bad_command',
    bad_token: 'bad_token',
  },
  'lock.chain_refused': {
    not_two_certificates: 'malformed',
    certificate_malformed: 'malformed',
    unknown_critical_extension: 'malformed',
    intermediate_not_ca: 'malformed',
    intermediate_path_length: 'malformed',
    intermediate_key_usage: 'malformed',
    intermediate_epoch_missing: 'malformed',
    intermediate_not_signed_by_root: 'untrusted',
    intermediate_expired: 'expired',
    intermediate_not_yet_valid: 'early',
    intermediate_epoch_revoked: 'revoked',
    other_customer: 'other_customer',
    key_is_ca: 'malformed',
    key_usage: 'malformed',
    key_extended_usage: 'malformed',
    key_epoch_missing: 'malformed',
    key_not_signed_by_intermediate: 'untrusted',
    key_expired: 'key_expired',
    key_other_serial: 'other_key',
    key_other_key: 'other_key',
    key_epoch_revoked: 'key_revoked',
  },
  'enrolment.vendor_refused': {
    operator: 'operator',
    malformed_code: 'malformed_code',
    serial_mismatch: 'serial_mismatch',
    malformed_request: 'malformed_request',
  },
  'enrolment.already_registered': {
    other_registration: 'other_registration',
    not_readable: 'not_readable',
  },
  'enrolment.wrong_key': {
    not_newer: 'not_newer',
    key_epoch_revoked: 'not_newer',
    key_other_serial: 'other_lock',
    key_other_key: 'other_lock',
    key_not_signed_by_intermediate: 'untrusted',
    key_expired: 'expired',
  },
  'enrolment.kiosk_revoked': { had_been_sent: 'had_been_sent' },
  'enrolment.other_kiosk': { proven: 'proven' },
  'sync.unreachable': {
    name: 'name',
    network: 'network',
    refused: 'refused',
    timeout: 'timeout',
    broken_off: 'broken_off',
    certificate_time: 'certificate_time',
    certificate_authority: 'certificate_authority',
    certificate_name: 'certificate_name',
    proxy: 'proxy',
    portal: 'portal',
    unavailable: 'unavailable',
  },
} as const satisfies Partial<Record<ErrorCode, Groups>>;

const groupsOf: Partial<Record<ErrorCode, Groups>> = reasonGroups;

/** The branch of the error's messages that words `reason`; `other` where it is not known. */
export const reasonGroup = (code: ErrorCode, reason: string): string => {
  const groups = groupsOf[code];
  return groups !== undefined && Object.hasOwn(groups, reason) ? (groups[reason] ?? 'other') : 'other';
};
