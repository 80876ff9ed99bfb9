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
  /** What there is now; to be called with each snapshot, and every second or so. */
  look(view: Pick<AlarmsView, 'grave' | 'newestAt' | 'newestGraveAt'> | null): void;
}

/** Where it is kept until when it is muted: a state of the page. */
export interface Muted {
  until: number | null;
}

export interface ToneClock {
  /** The core's time, which somebody may set. */
  now(): number;
  /** Time that passes: nobody can set it. */
  monotonic(): number;
}

/** An alarm that came so long ago at the most is new also where the clock was set back since the one before it. */
const newForMs = 60_000;
const mostSeen = 100;

/** Alarms as they come, by when that was. */
const createComing = (): ((at: number | null, now: number) => boolean) => {
  const seen: number[] = [];
  let newest = -Infinity;
  return (at, now) => {
    if (at === null || seen.includes(at)) return false;
    if (seen.push(at) > mostSeen) seen.shift();
    const isNew = at > newest || Math.abs(now - at) < newForMs;
    newest = Math.max(newest, at);
    return isNew;
  };
};

export const createAlarmTone = (
  play: (sound: Sound) => void,
  clock: ToneClock,
  muted: Muted = { until: null },
): AlarmTone => {
  const comes = createComing();
  const graveComes = createComing();
  let lastAt = -Infinity;
  let mutedTo = -Infinity;
  return {
    get mutedUntil() {
      return muted.until;
    },
    mute: () => {
      mutedTo = clock.monotonic() + muteMs;
      muted.until = clock.now() + muteMs;
    },
    unmute: () => {
      muted.until = null;
    },
    look: (view) => {
      const [at, now] = [clock.monotonic(), clock.now()];
      if (muted.until !== null && at >= mutedTo) muted.until = null;
      if (!view) return;
      const { grave, newestAt, newestGraveAt } = view;
      if (graveComes(newestGraveAt, now)) muted.until = null;
      const isNew = comes(newestAt, now);
      if (muted.until !== null || !(isNew || (grave > 0 && at - lastAt >= againMs))) return;
      lastAt = at;
      play('alarm');
    },
  };
};
