/** What "Being added" lists: what goes on, and of what is finished only what nobody has seen yet, for a day; the rest is counted. */
import type { EnrolmentsView } from '#shared/ipc/enrolment-view.ts';
import { isSameDay } from '../i18n/time-words.ts';

export type Enrolment = EnrolmentsView['enrolments'][number];
type Finished = Extract<Enrolment['state'], 'provisioned' | 'conflicted' | 'abandoned'>;

const finishedStates: readonly string[] = [
  'provisioned',
  'conflicted',
  'abandoned',
] satisfies readonly Finished[];

/** Whether nothing comes of it any more, here or elsewhere. */
export const isFinished = ({ state }: Pick<Enrolment, 'state'>): boolean => finishedStates.includes(state);

/** Whether its lock may be ready soon, without anybody doing anything. */
export const isComing = (one: Pick<Enrolment, 'state'>): boolean =>
  !isFinished(one) && one.state !== 'refused';

/** How long what is finished stays listed where nobody looks, in ms. */
export const listedForMs = 24 * 60 * 60_000;

export interface QueueList {
  /** Newest first. */
  readonly listed: readonly Enrolment[];
  /** How many were finished on this day, listed or not. */
  readonly today: Readonly<Record<Finished, number>>;
}

/** The serial numbers of the locks that were added on this day, at whichever kiosk of the store. */
export const addedToday = (view: EnrolmentsView | null, now: number): ReadonlySet<string> =>
  new Set(
    view?.enrolments.flatMap((one) =>
      one.state === 'provisioned' && isSameDay(one.changedAt, now) ? [one.serialNumber] : [],
    ),
  );

/** `seen`: which of the finished ones somebody has seen. `now`: the core's time. */
export const queueList = (
  enrolments: readonly Enrolment[],
  seen: ReadonlySet<string>,
  now: number,
): QueueList => {
  const countOf = (state: Finished): number =>
    enrolments.filter((one) => one.state === state && isSameDay(one.changedAt, now)).length;
  return {
    listed: enrolments
      .filter((one) => !isFinished(one) || (!seen.has(one.enrolmentId) && now - one.changedAt < listedForMs))
      .sort((a, b) => b.capturedAt - a.capturedAt),
    today: {
      provisioned: countOf('provisioned'),
      conflicted: countOf('conflicted'),
      abandoned: countOf('abandoned'),
    },
  };
};
