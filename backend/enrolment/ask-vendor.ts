/** One attempt to have a lock registered: what the vendor answers, and whether the key that it gives is that lock's. */
import type { KeyCheck } from '../trust/key-check.ts';
import type { LiveLockApi, LockRegistration, RegisterOutcome } from '../vendor/live-lock-api.ts';
import type { FinalOutcome } from './registration-outcome.ts';

export type Attempt =
  FinalOutcome | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs: number | null };

/** What does not fit, and what is registered already, is read once more. Never rejects for what the vendor does. */
export const askVendor = async (
  api: LiveLockApi,
  lock: LockRegistration,
  faultOf: KeyCheck,
): Promise<Attempt> => {
  const answer = await api.register(lock);
  if (answer.kind === 'refused') return answer;
  if (answer.kind === 'unknown') return { ...answer, kind: 'later' };
  const first = checked(answer, faultOf);
  if (first.kind === 'registered') return first;
  const recovered = await api.recover(lock.serialNumber);
  if (recovered.kind === 'unknown') return { ...recovered, kind: 'later', retryAfterMs: null };
  // Where nothing can be read again, what is known is what came first.
  return recovered.kind === 'not_available' ? first : checked(recovered, faultOf);
};

type Checked = Extract<FinalOutcome, { kind: 'registered' | 'uncertain' | 'wrong_key' }>;

/** What an answer is worth that says that the lock is registered. */
const checked = (
  answer: Exclude<RegisterOutcome, { kind: 'refused' | 'unknown' }>,
  faultOf: KeyCheck,
): Checked => {
  switch (answer.kind) {
    case 'already_registered':
      return { kind: 'uncertain' };
    case 'unreadable':
      return { kind: 'wrong_key', reason: 'unreadable' };
    case 'registered': {
      const reason = faultOf(answer.material);
      return reason === null ? answer : { kind: 'wrong_key', reason };
    }
  }
};
