/** In which order people are asked before a lock opens, and what an answer of the kiosk leads back to. */
import type { ErrorCode } from '#shared/errors/table.ts';
import type { LockTile } from '#shared/ipc/views.ts';

export type Needs = NonNullable<LockTile['needs']>;
export type Choice = NonNullable<Needs['reasons']>['choices'][number];
export type Step = 'reason' | 'number' | 'person' | 'whole';

/** `number`: null until it was given, be it empty. */
export const stepOf = (
  { reasons, secondPerson }: Needs,
  choice: Choice | null,
  number: string | null,
): Step => {
  if (reasons && !choice) return 'reason';
  if (reasons?.number && number === null) return 'number';
  return secondPerson ? 'person' : 'whole';
};

/** Answers that ask for something else than what was given. */
const askAgain = {
  'rights.reason_needed': 'reason',
  'rights.reason_unknown': 'reason',
  'rights.second_person_needed': 'person',
  'rights.same_person': 'person',
  'rights.may_not_approve': 'person',
  'staff.wrong_pin': 'person',
  'staff.locked_out': 'person',
  'staff.unknown': 'person',
} as const satisfies Partial<Record<ErrorCode, Step>>;
const steps: Partial<Record<ErrorCode, 'reason' | 'person'>> = askAgain;

/** What is asked once more after such an answer; null where asking does not help. */
export const askedAgain = (code: ErrorCode): 'reason' | 'person' | null => steps[code] ?? null;

const refusals = [
  'rights.not_permitted',
  'rights.outside_hours',
  'rights.never_open',
  'rights.not_understood',
  'staff.not_yet',
  'staff.ended',
] as const satisfies readonly ErrorCode[];
export type Refusal = (typeof refusals)[number];

/** Whether a rule of the store keeps this person from the lock: nothing is wrong, and trying again does not help. */
export const isRefusal = (code: ErrorCode): code is Refusal => refusals.some((one) => one === code);
