/**
 * Reads the kiosk's own journal through, a page at a time, some while after the start and then each day: an event that is missing, or
 * is not what was recorded, is an alarm. What a person has acknowledged is not found again.
 */
import { z } from 'zod';
import { every } from '#shared/flow/every.ts';
import { readJson } from '#shared/models/json.ts';
import type { KioskData } from '../data/port.ts';
import type { Notes } from '../data/notes.ts';
import { brokenAt } from '../journal/chain-check.ts';
import type { Clock } from '../platform/clock.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Alarms } from './alarms.ts';

const noteKey = 'journal-found-broken';

/** Not while somebody waits for the kiosk to start. */
export const firstCheckMs = 30_000;
const checkEveryMs = 24 * 60 * 60_000;
const pageSize = 200;
/** Between two pages: whoever taps comes first. */
const breatherMs = 50;

/** The sequence number of the last event that was found not to follow: the alarm about it is, or was, raised. */
const noteSchema = z.object({ at: z.int().min(1) });

export interface ChainAlarmsOptions {
  readonly alarms: Pick<Alarms, 'raise'>;
  readonly data: Pick<KioskData, 'accessEventsAfter'>;
  readonly notes: Notes;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface ChainAlarms {
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
  /** Resolves once no check is under way. */
  dispose(): Promise<void>;
}

export const watchChain = ({ alarms, data, notes, clock, logger }: ChainAlarmsOptions): ChainAlarms => {
  let stopped = false;
  let wake = (): void => undefined;
  let checking: Promise<void> = Promise.resolve();

  const breathe = (): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(breatherMs, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });

  const check = async (): Promise<void> => {
    const known = readJson(noteSchema, await notes.readNote(noteKey))?.at ?? 0;
    let last: { readonly sequence: number; readonly hash: string } | null = null;
    let after = 0;
    let found = 0;
    while (!stopped) {
      let events = await data.accessEventsAfter(after, pageSize);
      const newest = events.at(-1);
      if (!newest) break;
      for (let at = brokenAt(events, last); at !== null; at = brokenAt(events, last)) {
        found = at;
        const broken = events.findIndex(({ sequence }) => sequence === at);
        last = events[broken] ?? newest;
        events = events.slice(broken + 1);
      }
      last = newest;
      after = newest.sequence;
      await breathe();
    }
    if (stopped || found <= known) return;
    logger.error('the journal is broken', { sequence: found });
    await alarms.raise('chain_broken', null);
    const written = await notes.writeNote(noteKey, JSON.stringify({ at: found }));
    if (!written.ok) logger.warn('that the journal is broken was not kept', { code: written.error.code });
  };
  const begin = (): void => {
    checking = checking.then(check).catch((error: unknown) => {
      logger.error('the journal could not be checked', describeThrown(error));
    });
  };
  const stopFirst = clock.after(firstCheckMs, begin);
  const stopEach = every(clock, checkEveryMs, begin);

  return {
    forgetAll: async () => {
      await notes.writeNote(noteKey, '');
    },
    dispose: async () => {
      stopped = true;
      stopFirst();
      stopEach();
      wake();
      await checking;
    },
  };
};
