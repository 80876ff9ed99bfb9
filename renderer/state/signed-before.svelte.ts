/** The rounds that were signed at this kiosk before, as their screens show them. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { SignedRoundsView } from '#shared/models/signed-round.ts';
import { t } from '../i18n/translate.ts';
import type { Kiosk } from './kiosk.svelte.ts';
import type { signedRows, SignedRow } from './signed-words.ts';
import type { SignedWords } from './walk.svelte.ts';

export interface SignedBefore {
  readonly rows: readonly SignedRow[];
  readonly problem: AppError | null;
  read(): Promise<void>;
  /** What is said once another one is signed: one that is not the first of the evening says so. */
  words(found: string): SignedWords;
}

export const createSignedBefore = (
  kiosk: Kiosk,
  rowsOf: (rounds: SignedRoundsView, now: number) => ReturnType<typeof signedRows>,
): SignedBefore => {
  let rounds = $state.raw<SignedRoundsView | null>(null);
  let problem = $state.raw<AppError | null>(null);
  const rows = $derived(rounds ? rowsOf(rounds, kiosk.clock.now) : []);
  return {
    get rows() {
      return rows;
    },
    get problem() {
      return problem;
    },
    read: async () => {
      const answer = await kiosk.client.call('readSignedRounds', null);
      if (answer.ok) rounds = answer.value;
      problem = answer.ok ? null : answer.error;
    },
    words: (found) => {
      const count = rows.filter(({ recent }) => recent).length + 1;
      return (when) =>
        count > 1 ? t('rounds.signed_again', { when, count, found }) : t('rounds.signed', { when, found });
    },
  };
};
