/** Updates of its own, where the configuration has a channel. */
import { storeOffsets } from '../activity/store-day.ts';
import { createLatest } from '../platform/latest.ts';
import { createUpdates } from '../updates/updates.ts';
import type { UpdateViewSources } from '../views/update-view.ts';
import type { Services } from './open-services.ts';

/** Nobody was signed in for so long: who goes to fetch something comes back. */
const quietForMs = 2 * 60_000;

/** Begins to look, and answers what Health says of it; null where IT pushes updates, which is how it is unless a channel is configured. */
export const openUpdates = async (services: Services): Promise<UpdateViewSources | null> => {
  const { ports, ending, clock, vault, journal, staff, judge, locks, slot } = services;
  const { config, fetch, random, logger, updates: host } = ports;
  if (!config.updates || !host) return null;
  const attempt = createLatest(locks.unlocks.attempt$, null);
  ending.adopt('attempt of updates', attempt);
  const run = createLatest(locks.group.run$, null);
  ending.adopt('run of updates', run);
  let isSignedIn = false;
  let signedOutAt = clock.sinceBoot();
  const isQuiet = async (): Promise<boolean> =>
    !isSignedIn &&
    clock.sinceBoot() - signedOutAt >= quietForMs &&
    (attempt.value === null || attempt.value.end !== null) &&
    (run.value === null || run.value.over) &&
    slot.isFree() &&
    (await journal.catchUp()).ok;
  const updates = createUpdates({
    ...{ host, settings: config.updates, fetch, clock, random, logger, isQuiet },
    storeId: () => vault.identity?.storeId ?? null,
    offsetAt: (at) => storeOffsets(judge.timeZone())(at),
  });
  const session = staff.session$.subscribe((now) => {
    if (now && !isSignedIn) void updates.interrupted();
    if (!now && isSignedIn) signedOutAt = clock.sinceBoot();
    isSignedIn = now !== null;
  });
  ending.defer('session of updates', () => session.unsubscribe());
  ending.adopt('updates', updates);
  await updates.start();
  const { channel, ring, window } = config.updates;
  return { state$: updates.state$, version: host.version, channel: new URL(channel).host, ring, window };
};
