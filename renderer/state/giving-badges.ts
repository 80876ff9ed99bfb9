/** What comes of a badge that is held to the reader for a person: whose it is, and after the second time that it is theirs. */
import type { AppError, Result } from '#shared/errors/app-error.ts';
import { sameReadMs } from '#shared/badges/same-read.ts';
import type { CallInput, CallOutput } from '#shared/ipc/contract.ts';

/** Whoever holds it a second time later than this, in ms, begins anew. */
export const onceMoreMs = 60_000;

export type HeldAnswer =
  | { readonly kind: 'failed'; readonly error: AppError }
  /** `blocked`: it is theirs already, and blocked; else it is nobody's. */
  | { readonly kind: 'once_more'; readonly blocked: boolean }
  | { readonly kind: 'theirs' | 'given' }
  | { readonly kind: 'of_another'; readonly staffId: string; readonly blocked: boolean };

export interface Giving {
  /** `badgeId`: which badge that was, where it could be read. Nothing of what was read is kept. */
  held(read: string): Promise<{ readonly badgeId: string | null; readonly answer: HeldAnswer }>;
}

export interface GivingOptions {
  readonly call: <N extends 'readBadge' | 'assignBadge'>(
    name: N,
    input: CallInput<N>,
  ) => Promise<Result<CallOutput<N>>>;
  /** Who gets it. */
  readonly staffId: string;
  /** In ms, of a clock that only grows. */
  readonly now: () => number;
}

export const createGiving = ({ call, staffId, now }: GivingOptions): Giving => {
  let first: { readonly badgeId: string; readonly at: number } | null = null;

  const judge = async (
    read: string,
    { badgeId, holder }: CallOutput<'readBadge'>,
    at: number,
  ): Promise<HeldAnswer> => {
    const before = first;
    first = null;
    if (holder && holder.staffId !== staffId) return { kind: 'of_another', ...holder };
    if (holder?.blocked === false) return { kind: 'theirs' };
    const passed = before?.badgeId === badgeId ? at - before.at : Infinity;
    if (passed < sameReadMs || passed > onceMoreMs) {
      first = passed < sameReadMs ? before : { badgeId, at };
      return { kind: 'once_more', blocked: holder !== null };
    }
    const answer = await call('assignBadge', { staffId, read });
    return answer.ok ? { kind: 'given' } : { kind: 'failed', error: answer.error };
  };

  return {
    held: async (read) => {
      const at = now();
      const found = await call('readBadge', { read });
      if (!found.ok) {
        first = null;
        return { badgeId: null, answer: { kind: 'failed', error: found.error } };
      }
      return { badgeId: found.value.badgeId, answer: await judge(read, found.value, at) };
    },
  };
};
