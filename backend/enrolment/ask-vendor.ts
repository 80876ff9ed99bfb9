/** One attempt to have a lock registered: what the vendor answers, and whether the key that it gives is that lock's, and ours. */
import { issuedAt, type KeyCheck } from '../trust/key-check.ts';
import type { LiveLockApi, LockRegistration, RegisterOutcome } from '../live-lock/live-lock-api.ts';
import type { OpenCalls } from './attempts.ts';
import type { FinalOutcome } from './registration-outcome.ts';

export type VendorOutcome = {
  /** False: this call has surely registered nothing. */ readonly mayHaveRegistered: boolean;
} & (
  FinalOutcome | { readonly kind: 'later'; readonly reason: string; readonly retryAfterMs: number | null }
);

export interface AttemptPorts {
  readonly api: Pick<LiveLockApi, 'register' | 'recover'>;
  readonly faultOf: KeyCheck;
  /** Earlier calls for this very enrolment whose answers are not here. */
  readonly open: OpenCalls | null;
  /** An operator has vouched that the lock is this store's, whoever registered it. */
  readonly adopts: boolean;
  now(): number;
}

/** The vendor's clock and ours differ, and issuers date a certificate back. */
const issueToleranceMs = 3_600_000;

/**
 * A key is read again only where the registration can be this enrolment's: this call has made it, or an earlier one did whose
 * answer was lost. What somebody else has registered is for a person. Never rejects for what the vendor does.
 */
export const askVendor = async (lock: LockRegistration, ports: AttemptPorts): Promise<VendorOutcome> => {
  const { api, faultOf, open, adopts } = ports;
  const calledAt = ports.now();
  const answer = await api.register(lock);
  if (answer.kind === 'refused') return { ...answer, mayHaveRegistered: false };
  if (answer.kind === 'unknown') return { ...answer, kind: 'later' };
  const mayHaveRegistered = answer.kind !== 'already_registered';
  const first = checked(answer, faultOf);
  if (first.kind === 'registered') return { ...first, mayHaveRegistered };
  const ours = mayHaveRegistered ? { from: open?.from ?? calledAt, until: ports.now() } : open;
  if (!ours && !adopts) return { ...otherRegistration, mayHaveRegistered };
  const recovered = await api.recover(lock.serialNumber);
  if (recovered.kind === 'unknown') {
    return { ...recovered, kind: 'later', retryAfterMs: null, mayHaveRegistered };
  }
  // Where nothing can be read again, what is known is what came first.
  if (recovered.kind === 'not_available') return { ...first, mayHaveRegistered };
  const second = checked(recovered, faultOf);
  const isOther =
    second.kind === 'registered' && !adopts && !isIssuedIn(second.material.keyCertificate, ours);
  return { ...(isOther ? otherRegistration : second), mayHaveRegistered };
};

const otherRegistration = { kind: 'uncertain', reason: 'other_registration' } as const;

const isIssuedIn = (keyCertificate: string, calls: OpenCalls | null): boolean => {
  const at = issuedAt(keyCertificate);
  return (
    calls !== null &&
    at !== null &&
    at >= calls.from - issueToleranceMs &&
    at <= calls.until + issueToleranceMs
  );
};

type Checked = Extract<FinalOutcome, { kind: 'registered' | 'uncertain' | 'wrong_key' }>;

/** What an answer is worth that says that the lock is registered. */
const checked = (
  answer: Exclude<RegisterOutcome, { kind: 'refused' | 'unknown' }>,
  faultOf: KeyCheck,
): Checked => {
  switch (answer.kind) {
    case 'already_registered':
      return { kind: 'uncertain', reason: 'not_readable' };
    case 'unreadable':
      return { kind: 'wrong_key', reason: 'unreadable' };
    case 'registered': {
      const reason = faultOf(answer.material);
      return reason === null ? answer : { kind: 'wrong_key', reason };
    }
  }
};
