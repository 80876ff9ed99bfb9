/** The one place where what went wrong on the radio, in the link or in the lock becomes an error code. */
import { fail, type Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { RadioFailure } from '../../../radio/port.ts';
import type { LinkFailure } from '../../wire/link-error.ts';
import type { Refusal } from '../../wire/results.ts';
import type { OperationScope } from './operation-scope.ts';

type Failed = Result<never>;

/**
 * What an operation that was cut short answers. `committed` is true only for commands that change the lock: once such a
 * command may have reached it, nothing but its authenticated answer tells what became of it.
 */
export const endedEarly = (serialNumber: string, scope: OperationScope): Failed => {
  if (scope.committed) return fail('lock.outcome_unknown', { serialNumber });
  if (scope.ending === 'cancelled') return fail('lock.cancelled', { serialNumber });
  switch (scope.currentStage) {
    case 'find':
      return fail('lock.not_near', { serialNumber });
    case 'connect':
      return fail('lock.connect_timeout', { serialNumber });
    case 'authenticate':
    case 'actuate':
      return fail('lock.answer_timeout', { serialNumber });
  }
};

/** A radio operation or a link that ended by itself. */
export const radioFailed = (serialNumber: string, scope: OperationScope, failure: RadioFailure): Failed => {
  if (scope.committed || scope.ending !== null) return endedEarly(serialNumber, scope);
  switch (failure) {
    case 'not_found':
      return fail('lock.not_near', { serialNumber });
    case 'not_connectable':
      // What a lock advertises while it is connected to someone.
      return fail('lock.busy', { serialNumber });
    case 'timeout':
    case 'cancelled':
      return endedEarly(serialNumber, scope);
    case 'link_lost':
      return fail('lock.link_lost', { serialNumber });
    case 'att_error':
    case 'too_large':
      return fail('lock.protocol', { serialNumber });
    case 'no_dongle':
      return fail('radio.no_dongle');
    case 'radio_restarted':
      return fail('radio.restarting');
  }
};

/** A session that ended without an answer. */
export const linkFailed = (serialNumber: string, scope: OperationScope, failure: LinkFailure): Failed => {
  if (scope.committed) return fail('lock.outcome_unknown', { serialNumber });
  const foreign = failure === 'not_genuine' || failure === 'unknown_credential';
  return fail(foreign ? 'lock.not_genuine' : 'lock.protocol', { serialNumber });
};

/** What the lock said, and proved to have said: it did not do it. */
export const refusedBy = (serialNumber: string, refusal: Refusal): Failed => {
  switch (refusal.reason) {
    case 'chain':
      return fail('lock.chain_refused', { serialNumber, reason: refusal.chain });
    case 'not_provisioned':
      return fail('lock.not_provisioned', { serialNumber });
    case 'already_provisioned':
      return fail('lock.already_provisioned', { serialNumber });
    case 'busy':
      return fail('lock.busy', { serialNumber });
    case 'locked_out':
    case 'time_untrusted':
    case 'battery_low':
    case 'jammed':
    case 'bad_command':
    case 'bad_token':
      return fail('lock.refused', { serialNumber, reason: refusal.reason });
  }
};

/** What only `refusedBy` makes of what a lock answers to a command. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'lock.chain_refused',
  'lock.not_provisioned',
  'lock.already_provisioned',
  'lock.busy',
  'lock.refused',
]);

/** Whether a lock has answered a command, authenticated, be it that it does not do it. */
export const isAnswered = (answered: Result<unknown>): boolean =>
  answered.ok || refusals.has(answered.error.code);
