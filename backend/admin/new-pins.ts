/** The PINs that a person is given: whether they may be, and what is kept of them. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { badValue } from './bad-value.ts';
import type { PutStaff } from './contract.ts';
import type { PersonRow } from './person-details.ts';
import type { PinHasher } from './pin-hash.ts';
import { isLike, weaknessOf } from './weak-pin.ts';

export interface PinRules {
  readonly shortest: number;
  readonly thisYear: number;
  /** Whether the store's people may have a second PIN, for when they are forced. */
  readonly duress: boolean;
}

/** As JSON text; null: it goes, undefined: it stays as it is. */
export interface NewPins {
  readonly pin?: string;
  readonly duressPin?: string | null;
}

/** Errors: `staff.weak_pin`; `operator.bad_value` where the store has no duress PINs. */
export const makePins = async (
  { pin, duressPin }: Pick<PutStaff, 'pin' | 'duressPin'>,
  held: Pick<PersonRow, 'pin' | 'duress_pin'> | undefined,
  { shortest, thisYear, duress }: PinRules,
  hasher: PinHasher,
): Promise<Result<NewPins>> => {
  const weak = (problem: string): Result<never> => fail('staff.weak_pin', { problem, shortest });
  const isHeld = async (given: string | undefined, kept: PersonRow['pin'] | null | undefined) =>
    given !== undefined && kept ? hasher.matches(given, kept) : false;
  if (duressPin && !duress)
    return badValue('duressPin', 'is not for this store: its policy has no duress PINs');
  // A PIN of before goes on, also where it would not be taken today.
  const keepsPin = await isHeld(pin, held?.pin);
  const keepsDuress = await isHeld(duressPin ?? undefined, held?.duress_pin);
  for (const [given, keeps] of [
    [pin, keepsPin],
    [duressPin, keepsDuress],
  ] as const) {
    const problem = given && !keeps ? weaknessOf(given, shortest, thisYear) : null;
    if (problem !== null) return weak(problem);
  }
  if (pin && duressPin && isLike(pin, duressPin)) return weak('too like their other PIN');
  const isOfOther =
    (duressPin && !pin && (await isHeld(duressPin, held?.pin))) ||
    (pin && duressPin === undefined && (await isHeld(pin, held?.duress_pin)));
  if (isOfOther) return weak('their other PIN');
  return ok({
    ...(pin && !keepsPin ? { pin: JSON.stringify(await hasher.hash(pin)) } : {}),
    ...(duressPin && !keepsDuress ? { duressPin: JSON.stringify(await hasher.hash(duressPin)) } : {}),
    ...(duressPin === null && held?.duress_pin ? { duressPin: null } : {}),
  });
};

type HeldPins = Partial<Pick<PersonRow, 'pin' | 'duress_pin'>>;
type HeldPin = PersonRow['duress_pin'] | undefined;
export const isSamePin = (one: HeldPin, other: HeldPin): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

/** Hashing takes its time: whether a new PIN was judged by another one than it would now lie beside; null: it was not. */
export const outdated = (
  { pin, duressPin }: NewPins,
  judgedBy: HeldPins | undefined,
  now: HeldPins | undefined,
): ReturnType<typeof badValue> | null => {
  const problem = 'can’t be judged: their other PIN was changed meanwhile. Send it again';
  if (pin !== undefined && duressPin === undefined && !isSamePin(judgedBy?.duress_pin, now?.duress_pin))
    return badValue('pin', problem);
  return typeof duressPin === 'string' && pin === undefined && !isSamePin(judgedBy?.pin, now?.pin)
    ? badValue('duressPin', problem)
    : null;
};
