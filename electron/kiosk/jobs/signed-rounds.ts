/**
 * Which closing checks and battery rounds were signed at this kiosk, by whom and when: what their screens say to whoever comes next. The
 * journal's events of them go once the back office has them; these stay, in a note of the kiosk's own.
 */
import { z } from 'zod';
import { createQueue } from '#shared/flow/queue.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { readJson } from '#shared/models/json.ts';
import { epochMsSchema, uuidSchema } from '#shared/models/primitives.ts';
import { mostSignedRounds, type SignedRoundsView } from '#shared/models/signed-round.ts';
import { sweepSchema } from '#shared/models/sweep.ts';
import type { Notes } from '../data/notes.ts';
import type { Clock } from '../platform/clock.ts';

const noteKey = 'signed-rounds';

const signed = { eventId: uuidSchema, at: epochMsSchema, staffId: uuidSchema };
const foundSchema = z.object(sweepSchema.omit({ serialNumbers: true }).shape);
const noteSchema = z.object({
  sweeps: z.array(foundSchema.extend(signed)),
  batteries: z.array(z.object({ ...signed, changed: z.int().min(0), left: z.int().min(0) })),
});
type Kept = z.infer<typeof noteSchema>;

export type SignedEvent = Pick<AccessEvent, 'eventId' | 'kind' | 'at' | 'staffId' | 'sweep' | 'round'>;

export interface SignedRounds {
  list(): SignedRoundsView;
  /** It is signed: the journal has it. */
  keep(event: SignedEvent | null): Promise<void>;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
}

export interface SignedRoundsOptions {
  readonly notes: Notes;
  readonly people: () => readonly { readonly staffId: string; readonly name: string }[];
  /** The newest events that the journal holds, oldest first: one of them may not have been noted. */
  readonly before: readonly SignedEvent[];
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

/** The oldest first; what is kept is the newest. */
const withEvent = (kept: Kept, { eventId, at, staffId, sweep, round }: SignedEvent): Kept => {
  if (staffId === null) return kept;
  const by = { eventId, at, staffId };
  if (sweep) {
    const found = { ...by, ...foundSchema.parse(sweep) };
    return { ...kept, sweeps: [...kept.sweeps, found].slice(-mostSignedRounds) };
  }
  if (!round) return kept;
  const counts = { changed: round.changed.length, left: round.left };
  return { ...kept, batteries: [...kept.batteries, { ...by, ...counts }].slice(-mostSignedRounds) };
};

const nothing: Kept = { sweeps: [], batteries: [] };

export const createSignedRounds = async (options: SignedRoundsOptions): Promise<SignedRounds> => {
  const { notes, people, before, clock, logger } = options;
  const noted = readJson(noteSchema, await notes.readNote(noteKey)) ?? nothing;
  const ids = new Set([...noted.sweeps, ...noted.batteries].map(({ eventId }) => eventId));
  // The kiosk may have ended between an event and its note; what is older than the last that was noted was known, and gave way.
  const unnoted = before.slice(before.findLastIndex(({ eventId }) => ids.has(eventId)) + 1);
  let kept = unnoted.reduce(withEvent, noted);
  const queue = createQueue();

  const write = (): Promise<void> =>
    queue.add(async () => {
      const text = kept === nothing ? '' : JSON.stringify(kept);
      const written = await notes.writeNote(noteKey, text);
      // The journal has it: the next start reads it there.
      if (!written.ok) logger.warn('that a round was signed was not noted', { code: written.error.code });
    });

  return {
    list: () => {
      const names = new Map(people().map(({ staffId, name }) => [staffId, name]));
      const said = <T extends Kept['sweeps'][number] | Kept['batteries'][number]>(all: readonly T[]) =>
        all.toReversed().map(({ eventId: _, staffId, at, ...found }) => ({
          at: at > clock.now() ? null : at,
          name: names.get(staffId) ?? null,
          ...found,
        }));
      return { sweeps: said(kept.sweeps), batteries: said(kept.batteries) };
    },
    keep: async (event) => {
      if (!event) return;
      kept = withEvent(kept, event);
      await write();
    },
    forgetAll: () => {
      kept = nothing;
      return write();
    },
  };
};
