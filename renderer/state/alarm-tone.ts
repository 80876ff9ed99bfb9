/**
 * The tone of alarms: one when an alarm comes, then one each minute while a grave one waits for somebody to acknowledge it. Whoever
 * sees to it can mute it for ten minutes; a grave alarm that comes meanwhile is heard all the same.
 */
import type { AlarmsView } from '#shared/ipc/views.ts';
import type { Sound } from './sounds.ts';

export const muteMs = 10 * 60_000;
export const againMs = 60_000;

export interface AlarmTone {
  /** Until when it is muted; null: it is not. */
  readonly mutedUntil: number | null;
  mute(): void;
  unmute(): void;
  /** What there is now, and the time; to be called with each snapshot, and every second or so. */
  look(view: Pick<AlarmsView, 'grave' | 'newestAt' | 'newestGraveAt'> | null, now: number): void;
}

/** Where it is kept until when it is muted: a state of the page. */
export interface Muted {
  until: number | null;
}

export const createAlarmTone = (
  play: (sound: Sound) => void,
  now: () => number,
  muted: Muted = { until: null },
): AlarmTone => {
  let newest = -Infinity;
  let newestGrave = -Infinity;
  let lastAt = -Infinity;
  return {
    get mutedUntil() {
      return muted.until;
    },
    mute: () => {
      muted.until = now() + muteMs;
    },
    unmute: () => {
      muted.until = null;
    },
    look: (view, at) => {
      if (muted.until !== null && at >= muted.until) muted.until = null;
      if (!view) return;
      const { grave, newestAt, newestGraveAt } = view;
      if ((newestGraveAt ?? -Infinity) > newestGrave) muted.until = null;
      const isNew = (newestAt ?? -Infinity) > newest;
      newest = Math.max(newest, newestAt ?? -Infinity);
      newestGrave = Math.max(newestGrave, newestGraveAt ?? -Infinity);
      if (muted.until !== null || !(isNew || (grave > 0 && at - lastAt >= againMs))) return;
      lastAt = at;
      play('alarm');
    },
  };
};
