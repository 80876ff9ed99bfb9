/** What is known of updates, for whoever shows it. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Offer } from './channel.ts';
import type { InstallResult } from './result.ts';

export interface UpdateState {
  /** `current`: nothing newer for this kiosk. */
  readonly stage: 'unasked' | 'current' | 'downloading' | 'waiting' | 'installing';
  /** Of what is downloaded, waits or is installed. */
  readonly offered: Pick<Offer['manifest'], 'version' | 'words' | 'urgent'> | null;
  /** Of a download, how much of it is there, 0 to 100. */
  readonly percent: number;
  /** Of an installation, how many of its steps are done (`result.ts`). */
  readonly step: number;
  /** A person has said that what waits may wait for the night. */
  readonly tonight: boolean;
  /** When the channel last answered with something that holds; null before. */
  readonly lookedAt: number | null;
  readonly problem: AppError | null;
  /** What became of the last that was handed over. */
  readonly result: InstallResult | null;
}

export const unasked: UpdateState = {
  stage: 'unasked',
  offered: null,
  percent: 0,
  step: 0,
  tonight: false,
  lookedAt: null,
  problem: null,
  result: null,
};

export interface UpdateBoard {
  readonly state$: Observable<UpdateState>;
  readonly now: UpdateState;
  change(next: Partial<UpdateState>): void;
  /** Something went wrong. In the log once for as long as it lasts: also over the tries in which it is not shown. */
  refused(error: AppError, version?: string): void;
  /** Nothing is wrong any more. */
  isWell(): void;
  dispose(): void;
}

export const createUpdateBoard = (logger: Pick<Logger, 'warn'>): UpdateBoard => {
  const state$ = new BehaviorSubject(unasked);
  let said: string | null = null;
  const change = (next: Partial<UpdateState>): void => state$.next({ ...state$.value, ...next });
  return {
    state$,
    get now() {
      return state$.value;
    },
    change,
    refused: ({ code, params }, version) => {
      if (said !== code) logger.warn('update refused', { code, version: version ?? null, ...params });
      said = code;
      change({ problem: { code, params } });
    },
    isWell: () => {
      said = null;
      change({ problem: null });
    },
    dispose: () => state$.complete(),
  };
};
