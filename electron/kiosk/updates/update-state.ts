/** What is known of updates, for whoever shows it. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { Offer } from './channel.ts';
import type { InstallResult } from './result.ts';

export interface UpdateState {
  /** `current`: nothing newer for this kiosk. */
  readonly stage: 'unasked' | 'current' | 'downloading' | 'waiting' | 'installing';
  /** Of what is downloaded, waits or is installed. */
  readonly offered: Pick<Offer['manifest'], 'version' | 'words'> | null;
  /** When the channel last answered with something that holds; null before. */
  readonly lookedAt: number | null;
  readonly problem: AppError | null;
  /** What became of the last that was handed over. */
  readonly result: InstallResult | null;
}

export const unasked: UpdateState = {
  stage: 'unasked',
  offered: null,
  lookedAt: null,
  problem: null,
  result: null,
};
