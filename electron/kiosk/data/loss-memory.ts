/**
 * That data of this kiosk was lost, or saved out of a damaged file: told to people once by a notice, and kept here for whoever looks at Health
 * in the days after.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { z } from 'zod';
import type { AppError } from '#shared/errors/app-error.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema } from '#shared/models/primitives.ts';
import type { Clock } from '../platform/clock.ts';
import type { Notes } from './notes.ts';

const noteKey = 'data-loss';
const tryEveryMs = 60_000;

/** `salvaged`: what could still be read was; `lost`: nothing was left. */
const lossSchema = z.object({
  kind: z.enum(['salvaged', 'lost']),
  at: epochMsSchema,
  /** As what the damaged file is kept. */
  file: z.string().optional(),
});
export type DataLoss = Readonly<z.infer<typeof lossSchema>>;

export interface LossMemory {
  /** null: nothing was lost since the kiosk was registered. Replays. */
  readonly loss$: Observable<DataLoss | null>;
  /** Nothing here is of this kiosk any more. */
  forget(): Promise<void>;
  dispose(): void;
}

export interface LossMemoryOptions {
  /** What this start has to say; one of the disk may hide another. */
  readonly notices: readonly (AppError | null)[];
  readonly notes: Notes;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly logger: Logger;
}

const lossOf = (notice: AppError | null, at: number): DataLoss | null => {
  if (notice?.code === 'storage.lost') return { kind: 'lost', at };
  return notice?.code === 'storage.set_aside'
    ? { kind: 'salvaged', at, file: String(notice.params.file) }
    : null;
};

export const createLossMemory = async (options: LossMemoryOptions): Promise<LossMemory> => {
  const { notices, notes, clock, logger } = options;
  const known = readJson(lossSchema, await notes.readNote(noteKey));
  const [found] = notices.flatMap((notice) => lossOf(notice, clock.now()) ?? []);
  // Where nobody had read it, the next start tells of the same file once more.
  const isTold = known !== null && found?.file !== undefined && known.file === found.file;
  const isNew = found !== undefined && !isTold;
  const loss$ = new BehaviorSubject<DataLoss | null>(isNew ? found : known);
  let cancel = (): void => undefined;
  let isEnded = false;

  const write = async (): Promise<void> => {
    cancel();
    const { value } = loss$;
    const written = await notes.writeNote(noteKey, value ? JSON.stringify(value) : '');
    if (written.ok || isEnded) return;
    logger.warn('that data was lost was not noted', { code: written.error.code });
    cancel = clock.after(tryEveryMs, () => void write());
  };
  if (isNew) await write();

  return {
    loss$: loss$.asObservable(),
    forget: async () => {
      loss$.next(null);
      await write();
    },
    dispose: () => {
      isEnded = true;
      cancel();
      loss$.complete();
    },
  };
};
