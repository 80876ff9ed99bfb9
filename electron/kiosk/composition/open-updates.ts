/** Updates of its own, where the configuration has a channel. */
import { storeOffsets } from '../activity/store-day.ts';
import { createQuiet } from '../updates/quiet.ts';
import { createUpdates } from '../updates/updates.ts';
import type { UpdateViewSources } from '../views/update-view.ts';
import type { Services } from './open-services.ts';

/** Begins to look, and answers what Health says of it; null where IT pushes updates, which is how it is unless a channel is configured. */
export const openUpdates = async (services: Services): Promise<UpdateViewSources | null> => {
  const { ports, ending, clock, vault, journal, staff, judge, locks, slot } = services;
  const { config, fetch, random, logger, updates: host } = ports;
  if (!config.updates || !host) return null;
  const quiet = createQuiet({
    ...{ session$: staff.session$, attempt$: locks.unlocks.attempt$, run$: locks.group.run$ },
    ...{ slot, journal, clock },
    onSomebody: () => void updates.interrupted(),
  });
  ending.adopt('quiet', quiet);
  const updates = createUpdates({
    ...{ host, settings: config.updates, fetch, clock, random, logger },
    isQuiet: () => quiet.now(),
    storeId: () => vault.identity?.storeId ?? null,
    offsetAt: (at) => storeOffsets(judge.timeZone())(at),
  });
  ending.adopt('updates', updates);
  await updates.start();
  const { channel, ring, window } = config.updates;
  return { state$: updates.state$, version: host.version, channel: new URL(channel).host, ring, window };
};
