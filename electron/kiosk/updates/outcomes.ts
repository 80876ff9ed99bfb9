/** What became of what was handed over: read, counted, and told to the journal once, over restarts and kills. */
import type { PlannedEvent } from '#shared/models/access-event.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { UpdateMemory } from './memory.ts';
import { countedRefusals, readResult, type InstallResult } from './result.ts';
import type { UpdateBoard } from './update-state.ts';

/** Where it is told. */
export interface UpdateJournal extends Pick<Journal, 'plan' | 'recordPlanned'> {
  hasEvent(eventId: string): Promise<boolean>;
}

export interface Outcomes {
  /** Reads what what installs has written. Rejects where the disk takes nothing. */
  read(): Promise<void>;
}

export interface OutcomesOptions {
  readonly resultFile: string;
  readonly memory: UpdateMemory;
  readonly board: UpdateBoard;
  readonly journal: UpdateJournal;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Pick<Logger, 'info'>;
}

/** What is older is of a kiosk that was there before this one. */
const tellWithinMs = 7 * 24 * 60 * 60_000;

export const createOutcomes = (options: OutcomesOptions): Outcomes => {
  const { resultFile, memory, board, journal, clock, logger } = options;
  /** What this run has given to the journal, which keeps it until the disk takes it. */
  let given: string | null = null;

  /** Of a version that is refused again and again by the same computer. */
  const count = async ({ version, issuedAt, at, ...result }: InstallResult): Promise<void> => {
    if (result.outcome !== 'refused' || !countedRefusals.includes(result.why)) return;
    const { refused } = memory.now;
    if (refused?.at === at) return;
    const isSame = refused?.version === version && refused.issuedAt === issuedAt;
    await memory.keep({ refused: { version, issuedAt, at, times: isSame ? refused.times + 1 : 1 } });
  };

  const plan = ({ outcome, version, at }: InstallResult): PlannedEvent | undefined => {
    if (outcome === 'refused' || clock.now() - at > tellWithinMs) return undefined;
    const what = outcome === 'installed' ? 'installed' : 'went_back';
    return journal.plan({ kind: 'update_done', update: { version, what } }) ?? undefined;
  };

  /** On the disk before it is in the journal: a kill between leaves it to the next start. */
  const tell = async (result: InstallResult | null): Promise<void> => {
    if (result && result.at !== memory.now.toldAt)
      await memory.keep({ toldAt: result.at, telling: plan(result) ?? memory.now.telling });
    const { telling } = memory.now;
    if (!telling) return;
    if (!(await journal.hasEvent(telling.eventId))) {
      if (given === telling.eventId) return;
      given = telling.eventId;
      if (!(await journal.recordPlanned(telling)).ok) return;
    }
    await memory.keep({ telling: undefined });
  };

  return {
    read: async () => {
      const result = await readResult(resultFile);
      if (result?.at !== board.now.result?.at) {
        board.change({ result });
        if (result) logger.info('update dealt with', { ...result });
      }
      if (result) await count(result);
      await tell(result);
    },
  };
};
