/** What Health says of the kiosk's own updates. */
import { of, map, type Observable } from 'rxjs';
import type { UpdatesView } from '#shared/ipc/update-view.ts';
import type { Clock } from '../platform/clock.ts';
import { isTold } from '../updates/result.ts';
import type { UpdateState } from '../updates/update-state.ts';
import { withSince } from './since.ts';

export interface UpdateViewSources {
  readonly state$: Observable<UpdateState>;
  /** The version that runs. */
  readonly version: string;
  /** Its host: who looks there wants to know whom the kiosk asks. */
  readonly channel: string;
  readonly ring: UpdatesView['ring'];
  readonly window: UpdatesView['window'];
}

/** What of a manifest is shown. */
export const shownOf = (
  offered: NonNullable<UpdateState['offered']>,
): NonNullable<UpdatesView['offered']> => ({
  version: offered.version,
  words: { ...offered.words },
  urgent: offered.urgent,
});

/** undefined where IT pushes updates. For one subscriber. */
export const updateView = (
  sources: UpdateViewSources | null,
  clock: Clock,
): Observable<UpdatesView | undefined> => {
  if (!sources) return of(undefined);
  const { state$, version, channel, ring, window } = sources;
  return withSince(
    state$.pipe(
      map(({ stage, offered, percent, lookedAt, problem, result }) => {
        const isNews = result?.outcome === 'installed' && result.version === version;
        return {
          state: problem ? ('problem' as const) : stage,
          version,
          channel,
          ring,
          window,
          lookedAt,
          ...(offered ? { offered: shownOf(offered) } : {}),
          ...(stage === 'downloading' ? { percent } : {}),
          ...(problem ? { problem } : {}),
          ...(isNews && isTold(result.at, clock.now()) ? { updatedAt: result.at } : {}),
        };
      }),
    ),
    clock,
  );
};
