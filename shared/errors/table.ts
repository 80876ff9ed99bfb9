/**
 * The closed table of everything that can go wrong and that a person or another process is told about.
 * A code is `area.what`. Renaming or adding one does not build until `renderer/i18n` words it, and a test keeps
 * `docs/errors.md` in step.
 *
 * - `retry`: `never` (trying again cannot help), `backoff` (the kiosk tries again by itself), `user` (a person acts, then
 *   it can help to try again).
 * - `severity`: `info` (expected), `warning` (someone should know), `fault` (something of ours is broken).
 * - `params`: names of the values that the worded message may use; never a secret.
 */
export interface ErrorRow {
  readonly retry: 'never' | 'backoff' | 'user';
  readonly severity: 'info' | 'warning' | 'fault';
  readonly params: readonly string[];
}

const row = (retry: ErrorRow['retry'], severity: ErrorRow['severity'], ...params: string[]): ErrorRow => ({
  retry,
  severity,
  params,
});

export const errorTable = {
  'lock.not_near': row('user', 'info', 'serialNumber'),
  'lock.connect_timeout': row('user', 'warning', 'serialNumber'),
  'lock.link_lost': row('user', 'warning', 'serialNumber'),
  'lock.answer_timeout': row('user', 'warning', 'serialNumber'),
  'lock.outcome_unknown': row('never', 'warning', 'serialNumber'),
  'lock.cancelled': row('user', 'info', 'serialNumber'),
  'lock.busy': row('user', 'info', 'serialNumber'),
  'lock.protocol': row('user', 'fault', 'serialNumber'),
  'lock.not_genuine': row('never', 'warning', 'serialNumber'),
  'lock.chain_refused': row('never', 'warning', 'serialNumber', 'reason'),
  'lock.refused': row('user', 'warning', 'serialNumber', 'reason'),
  'lock.not_provisioned': row('never', 'info', 'serialNumber'),
  'lock.already_provisioned': row('never', 'info', 'serialNumber'),
  'lock.no_key': row('user', 'info', 'serialNumber'),
  'lock.other_store': row('never', 'info', 'serialNumber'),
  'lock.not_to_be_released': row('never', 'info', 'serialNumber'),
  'lock.in_no_place': row('never', 'info', 'serialNumber'),
  'lock.in_a_place': row('never', 'info', 'serialNumber'),
  'radio.no_dongle': row('user', 'warning'),
  'radio.stuck': row('backoff', 'warning'),
  'radio.restarting': row('backoff', 'warning'),
  'radio.no_permission': row('user', 'warning'),
  'vault.no_secret_store': row('user', 'warning'),
  'vault.cannot_open': row('never', 'fault'),
  'vault.no_intermediate': row('backoff', 'warning'),
  'vault.intermediate_expired': row('backoff', 'warning', 'expiredAt'),
  'vault.lease_expired': row('user', 'warning', 'lastContactAt'),
  'sync.unreachable': row('backoff', 'info', 'reason'),
  'sync.refused': row('user', 'warning'),
  'sync.registration_refused': row('user', 'warning'),
  'sync.revoked': row('never', 'warning'),
  'sync.unknown_reason': row('user', 'warning', 'reason'),
  'sync.invalid_rows': row('never', 'fault', 'count'),
  'enrolment.already_captured': row('never', 'info', 'serialNumber'),
  'enrolment.not_found': row('never', 'info'),
  'enrolment.wrong_state': row('never', 'info', 'state'),
  'enrolment.vendor_refused': row('user', 'warning', 'serialNumber', 'reason'),
  'enrolment.already_registered': row('user', 'warning', 'serialNumber', 'reason'),
  'enrolment.wrong_key': row('user', 'warning', 'serialNumber', 'reason'),
  'enrolment.kiosk_revoked': row('user', 'warning', 'serialNumber', 'reason'),
  'enrolment.other_kiosk': row('never', 'info', 'serialNumber', 'reason'),
  'staff.wrong_pin': row('user', 'info', 'attemptsLeft'),
  'staff.locked_out': row('user', 'warning', 'until'),
  'staff.weak_pin': row('user', 'info', 'problem', 'shortest'),
  'staff.unknown': row('never', 'info'),
  'staff.not_signed_in': row('user', 'info'),
  'staff.not_yet': row('user', 'info', 'fromAt'),
  'staff.ended': row('never', 'info'),
  'badge.unknown': row('user', 'info'),
  'badge.blocked': row('never', 'warning'),
  'badge.of_two': row('user', 'warning'),
  'badge.paused': row('user', 'warning', 'until'),
  'badge.no_key': row('backoff', 'info'),
  'badge.unreadable': row('user', 'info'),
  'badge.of_another': row('never', 'info'),
  'badge.blocked_of_another': row('never', 'warning'),
  'badge.too_many': row('user', 'info', 'most'),
  'badge.not_yours': row('user', 'info'),
  'rights.not_permitted': row('never', 'info'),
  'rights.outside_hours': row('user', 'info', 'fromAt'),
  'rights.never_open': row('never', 'info'),
  'rights.not_understood': row('never', 'warning'),
  'rights.wait_needed': row('user', 'info', 'minutes'),
  'rights.wait_runs': row('user', 'info', 'fromAt'),
  'rights.reason_needed': row('user', 'info'),
  'rights.reason_unknown': row('user', 'info'),
  'rights.badge_needed': row('user', 'info'),
  'rights.pin_needed': row('user', 'info'),
  'rights.second_person_needed': row('user', 'info'),
  'rights.same_person': row('user', 'info'),
  'rights.may_not_approve': row('user', 'info'),
  'rights.other_rule': row('never', 'info'),
  'kiosk.cannot_leave': row('never', 'info'),
  'activity.export_over': row('user', 'info'),
  'storage.disk_full': row('user', 'fault'),
  'storage.journal_full': row('user', 'warning', 'waiting'),
  'storage.read_only': row('user', 'fault'),
  'storage.set_aside': row('never', 'warning', 'file'),
  'storage.lost': row('never', 'warning'),
  'storage.newer_version': row('never', 'fault', 'found', 'supported'),
  'storage.in_use': row('user', 'warning'),
  'config.invalid': row('user', 'fault', 'source', 'path', 'problem'),
  'config.port_taken': row('user', 'fault', 'port'),
  'operator.wrong_token': row('user', 'warning'),
  'operator.too_many_tries': row('backoff', 'warning'),
  'operator.no_such_call': row('never', 'info', 'method', 'path'),
  'operator.not_found': row('never', 'info', 'what'),
  'operator.badge_shared': row('user', 'info', 'person', 'staffId', 'store', 'storeId'),
  'operator.bad_value': row('user', 'info', 'path', 'problem'),
  'operator.bad_body': row('user', 'info', 'problem'),
  'operator.unreadable_list': row('user', 'info', 'problem', 'line', 'cell'),
  'operator.bad_lines': row('user', 'info', 'count', 'line', 'column', 'problem'),
  'ipc.bad_request': row('never', 'fault', 'path', 'problem'),
  'ipc.forbidden': row('never', 'fault'),
  'ipc.timeout': row('user', 'warning'),
  'ipc.disconnected': row('backoff', 'warning'),
  'internal.unexpected': row('user', 'fault'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];
