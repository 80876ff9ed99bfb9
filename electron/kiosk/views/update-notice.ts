/** What of the kiosk's own updates concerns whoever stands there, on whatever screen. */
import { combineLatest, distinctUntilChanged, map, of, type Observable } from 'rxjs';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { UpdateNotice } from '#shared/ipc/update-view.ts';
import type { Permission } from '#shared/rights/model.ts';
import type { Clock } from '../platform/clock.ts';
import { installSteps, isTold } from '../updates/result.ts';
import type { UpdateState } from '../updates/update-state.ts';
import { ticks } from './ticks.ts';
import { shownOf, type UpdateViewSources } from './update-view.ts';

const lookEveryMs = 60_000;

/** What else is wrong, as a channel that does not answer, is for Health. */
const ofInstalling = new Set<ErrorCode>(['update.not_installed', 'update.given_up']);

type Sources = Pick<UpdateViewSources, 'state$' | 'version' | 'window'>;

const newsOf = ({ result }: UpdateState, version: string, now: number): UpdateNotice['news'] => {
  if (!result || !isTold(result.at, now)) return undefined;
  const { at } = result;
  if (result.outcome === 'installed' && result.version === version) return { what: 'installed', at };
  return result.outcome === 'went-back' ? { what: 'went_back', at, version } : undefined;
};

const noticeOf = (state: UpdateState, { version, window }: Sources, now: number): UpdateNotice => {
  const { stage, offered, problem, tonight, step } = state;
  const news = newsOf(state, version, now);
  return {
    ...(offered && stage === 'waiting'
      ? {
          offer: {
            ...shownOf(offered),
            window,
            tonight,
            ...(problem && ofInstalling.has(problem.code) ? { problem } : {}),
          },
        }
      : {}),
    ...(stage === 'installing' ? { installing: { done: step, steps: installSteps } } : {}),
    ...(news ? { news } : {}),
  };
};

/** All of it; `{}` where there is nothing, and where IT pushes updates. For one subscriber. */
export const updateNotice = (sources: Sources | null, clock: Clock): Observable<UpdateNotice> =>
  sources
    ? combineLatest([sources.state$, ticks(clock, lookEveryMs)]).pipe(
        map(([state]) => noticeOf(state, sources, clock.now())),
        distinctUntilChanged((before, now) => JSON.stringify(before) === JSON.stringify(now)),
      )
    : of({});

/** What of it is for somebody with these permissions; null: nobody is signed in. */
export const updateFor = (
  { offer, installing, news }: UpdateNotice,
  phase: string,
  permissions: readonly Permission[] | null,
): { readonly update?: UpdateNotice } => {
  if (phase !== 'ready') return {};
  const mayChoose = permissions?.includes('acknowledge_alarms') === true;
  const update: UpdateNotice = {
    ...(offer && mayChoose ? { offer } : {}),
    ...(installing && permissions === null ? { installing } : {}),
    ...(news && (news.what === 'installed' || mayChoose) ? { news } : {}),
  };
  return Object.keys(update).length === 0 ? {} : { update };
};
