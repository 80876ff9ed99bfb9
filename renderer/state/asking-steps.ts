/** In which order people are asked before a lock opens, and what an answer of the kiosk leads back to. */
import type { ErrorCode } from '#shared/errors/table.ts';
import type { LockTile } from '#shared/ipc/views.ts';

export type Needs = NonNullable<LockTile['needs']>;
export type Choice = NonNullable<Needs['reasons']>['choices'][number];
export type AskingStep = 'proof' | 'reason' | 'number' | 'person' | 'whole';

/** `number`: null until it was given, be it empty. `proved`: whoever is signed in has shown what was missing of badge and PIN. */
export const stepOf = (
  { reasons, secondPerson, proof }: Needs,
  choice: Choice | null,
  number: string | null,
  proved = false,
): AskingStep => {
  if (proof && !proved) return 'proof';
  if (reasons && !choice) return 'reason';
  if (reasons?.number && number === null) return 'number';
  return secondPerson ? 'person' : 'whole';
};

/** Answers that ask for something else than what was given. */
const askAgain = {
  'rights.badge_needed': 'proof',
  'rights.pin_needed': 'proof',
  'rights.reason_needed': 'reason',
  'rights.reason_unknown': 'reason',
  'rights.second_person_needed': 'person',
  'rights.same_person': 'person',
  'rights.may_not_approve': 'person',
  'staff.wrong_pin': 'person',
  'staff.locked_out': 'person',
  'staff.unknown': 'person',
  'badge.unknown': 'person',
  'badge.blocked': 'person',
  'badge.of_two': 'person',
  'badge.paused': 'person',
  'badge.no_key': 'person',
  'badge.unreadable': 'person',
} as const satisfies Partial<Record<ErrorCode, AskingStep>>;
type Again = 'proof' | 'reason' | 'person';
const steps: Partial<Record<ErrorCode, Again>> = askAgain;

/** What is asked once more after such an answer; null where asking does not help. */
export const askedAgain = (code: ErrorCode): Again | null => steps[code] ?? null;

const refusals = [
  'rights.not_permitted',
  'rights.outside_hours',
  'rights.never_open',
  'rights.not_understood',
  'staff.not_yet',
  'staff.ended',
] as const satisfies readonly ErrorCode[];
export type RuleRefusal = (typeof refusals)[number];

/** Whether a rule of the store keeps this person from the lock: nothing is wrong, and trying again does not help. */
export const isRuleRefusal = (code: ErrorCode): code is RuleRefusal => refusals.some((one) => one === code);
