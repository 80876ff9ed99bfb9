/** Updates of its own, where the configuration has a channel. */
import { storeOffsets } from '../activity/store-day.ts';
import { createUpdateChoosing, noUpdateChoosing, type UpdateChoosing } from '../updates/choosing.ts';
import { createQuiet, type Attendance } from '../updates/quiet.ts';
import { createUpdates } from '../updates/updates.ts';
import type { UpdateViewSources } from '../views/update-view.ts';
import type { Services } from './open-services.ts';

export interface OpenedUpdates {
  /** null where IT pushes updates, which is how it is unless a channel is configured. */
  readonly updates: UpdateViewSources | null;
  readonly choosing: UpdateChoosing;
  readonly presence: Attendance;
}

const nobodyAsks: Attendance = { seen: () => undefined };

/** Begins to look, and answers what is shown of it. */
export const openUpdates = async (services: Services): Promise<OpenedUpdates> => {
  const { ports, ending, clock, data, vault, journal, staff, judge, locks, slot, waits, customers } =
    services;
  const { config, fetch, random, logger, updates: host } = ports;
  if (!config.updates || !host) {
    return { updates: null, choosing: noUpdateChoosing, presence: nobodyAsks };
  }
  const quiet = createQuiet({
    session$: staff.session$,
    attempt$: locks.unlocks.attempt$,
    run$: locks.group.run$,
    slot,
    waits,
    customer$: customers.customer$,
    journal,
    clock,
    onSomebody: () => void updates.interrupted(),
  });
  ending.adopt('quiet', quiet);
  const updates = createUpdates({
    host,
    settings: config.updates,
    fetch,
    clock,
    random,
    logger,
    journal: {
      plan: (entry) => journal.plan(entry),
      recordPlanned: (event) => journal.recordPlanned(event),
      hasEvent: (eventId) => data.hasEvent(eventId),
    },
    isQuiet: () => quiet.now(),
    isFree: async () => quiet.nobody() && (await quiet.idle()) && quiet.nobody(),
    storeId: () => vault.identity?.storeId ?? null,
    offsetAt: (at) => storeOffsets(judge.timeZone())(at),
  });
  ending.adopt('updates', updates);
  await updates.start();
  const { channel, ring, window } = config.updates;
  return {
    updates: { state$: updates.state$, version: host.version, channel: new URL(channel).host, ring, window },
    choosing: createUpdateChoosing({ updates, quiet, staff, journal }),
    presence: quiet,
  };
};
