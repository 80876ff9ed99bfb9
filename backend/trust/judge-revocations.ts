/**
 * What the vendor's answer about revocations is worth, beside what is held. Revoking only ever adds, so an answer that has less in
 * it than an earlier one is wrong, and one that can't be read says nothing: neither takes anything back.
 */
import type { RevocationPart, RevocationsOutcome } from '../live-lock/live-lock-api.ts';
import { judgeList, readList, type ListExpectations, type ListFault } from './revocation-list.ts';

export type RevocationStanding =
  /** What the vendor has revoked is held. */
  | { readonly state: 'lists'; readonly reason: null }
  /** The vendor says that nothing was ever revoked. */
  | { readonly state: 'none'; readonly reason: null }
  /** It is not known what is revoked by now: an outcome's reason, or why what came is refused. */
  | { readonly state: 'failed'; readonly reason: string }
  /** The vendor says less than it did before. */
  | { readonly state: 'gone_back'; readonly reason: GoneBack };

export type GoneBack =
  | 'nothing_revoked'
  | 'part_missing'
  | 'older_version'
  | 'entry_missing'
  /** The same version says something else: a vendor that was set back has given it out once more. */
  | 'changed_without_version';

/** `expectations` is null while there is no root or intermediate to judge with. What is `lists` is to be kept. */
export const judgeRevocations = (
  outcome: RevocationsOutcome,
  held: readonly RevocationPart[],
  expectations: ListExpectations | null,
): RevocationStanding => {
  switch (outcome.kind) {
    case 'failed':
      return { state: 'failed', reason: outcome.reason };
    case 'none':
      return held.length === 0
        ? { state: 'none', reason: null }
        : { state: 'gone_back', reason: 'nothing_revoked' };
    case 'lists': {
      if (expectations === null) return { state: 'failed', reason: 'no_intermediate' };
      const fault = faultIn(outcome.parts, expectations);
      if (fault !== null) return { state: 'failed', reason: fault };
      const reason = goneBack(outcome.parts, held);
      return reason === null ? { state: 'lists', reason: null } : { state: 'gone_back', reason };
    }
  }
};

const faultIn = (parts: readonly RevocationPart[], expectations: ListExpectations): ListFault | null => {
  for (const { version, list } of parts) {
    const fault = judgeList(list, expectations);
    if (fault !== null) return fault;
    if (readList(list)?.version !== version) return 'malformed';
  }
  return null;
};

const goneBack = (parts: readonly RevocationPart[], held: readonly RevocationPart[]): GoneBack | null => {
  if (parts.length < held.length) return 'part_missing';
  for (const [at, before] of held.entries()) {
    const reason = lessThan(parts[at], before);
    if (reason !== null) return reason;
  }
  return null;
};

const lessThan = (part: RevocationPart | undefined, before: RevocationPart): GoneBack | null => {
  const [said, saidBefore] = [part ? readList(part.list) : null, readList(before.list)];
  if (!part || !said) return 'part_missing';
  if (part.version < before.version) return 'older_version';
  // Earlier releases kept lists that they had not read.
  if (!saidBefore) return null;
  const holds =
    said.minCustomerEpoch >= saidBefore.minCustomerEpoch &&
    [...saidBefore.locks].every(([serialNumber, epoch]) => (said.locks.get(serialNumber) ?? -1) >= epoch);
  if (!holds) return 'entry_missing';
  const isSame =
    said.minCustomerEpoch === saidBefore.minCustomerEpoch &&
    said.locks.size === saidBefore.locks.size &&
    [...said.locks].every(([serialNumber, epoch]) => saidBefore.locks.get(serialNumber) === epoch);
  return part.version > before.version || isSame ? null : 'changed_without_version';
};
