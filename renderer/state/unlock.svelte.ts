/** One lock's attempts to open it, as its tile and its sheet show them. */
import { fail, type Result } from '#shared/errors/app-error.ts';
import type { CallOutput, StreamSnapshot } from '#shared/ipc/contract.ts';
import type { Asked } from '#shared/ipc/opening-calls.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { Client } from '../ipc/client.ts';
import { attemptPhase, isUnanswered, type Attempt, type AttemptPhase } from './attempt-phase.ts';
import type { CoreClock } from './core-clock.svelte.ts';
import type { Held } from './from-stream.svelte.ts';
import type { Sound } from './sounds.ts';
import type { Turn, Turns } from './turns.ts';

/** What of the kiosk an attempt needs. */
export interface UnlockKiosk {
  readonly attempt: Held<StreamSnapshot<'attempt'>>;
  readonly client: Client;
  readonly clock: CoreClock;
  play(sound: Sound): void;
}

/** Tenths of a second are counted, so the clock of the sheet ticks twice as often. */
const tickMs = 50;

export interface Unlock {
  /** null until it was tried for the first time. */
  readonly phase: AttemptPhase | null;
  /** Whether it waits for another lock's attempt to end first. */
  readonly queued: boolean;
  /** Whether it ended so that those that waited behind it were given up. */
  readonly leftWaiting: boolean;
  readonly attempt: Attempt | null;
  /** The core's time, fine enough for tenths. */
  readonly now: number;
  readonly startedAt: number;
  /** Whether the lock has not answered for so long that something is not as usual. */
  readonly unanswered: boolean;
  /** How long the lock said it holds its bolt open, in ms. */
  readonly heldForMs: number;
  readonly asking: boolean;
  /** What the lock answered when it was asked; null until then. */
  readonly told: Result<CallOutput<'askLock'>> | null;
  /** Who has confirmed it beside whoever is signed in; null where nobody was asked. */
  readonly approver: string | null;
  /** Whether it is with the kiosk, which has named no attempt: it may have been refused, and nothing has begun. */
  readonly judged: boolean;
  /** Tries it, when its turn has come, with what was asked for; `by`: who has confirmed it. */
  start(asked?: Asked, by?: string | null): Promise<void>;
  /** Nothing of it is left: it may be asked for anew. */
  reset(): void;
  /** Stops it if its command has not left; a turn that has not come is given up. */
  stop(): void;
  ask(): Promise<void>;
  dispose(): void;
}

/** Whether it did not end as it should: whoever stopped it by themselves knows why. */
export const wantsPerson = (phase: AttemptPhase | null): boolean =>
  phase?.kind === 'unknown' || (phase?.kind === 'not_open' && phase.error.code !== 'lock.cancelled');

const soundOf = (phase: AttemptPhase): Sound | null => {
  if (phase.kind === 'unknown') return 'unknown';
  // Whoever stopped it does not need to be told by a sound.
  if (phase.kind === 'not_open') return phase.error.code === 'lock.cancelled' ? null : 'refused';
  return 'open';
};

/**
 * Has to be called while a component is being made, or in an effect's root. `notOpened` is told where it was put away before its end and
 * then did not open.
 */
export const createUnlock = (
  kiosk: UnlockKiosk,
  serialNumber: string,
  turns: Turns,
  notOpened: () => void,
): Unlock => {
  let started = $state(false);
  let startedAt = $state(0);
  let result = $state.raw<Result<UnlockEnd> | null>(null);
  let told = $state.raw<Result<CallOutput<'askLock'>> | null>(null);
  let asking = $state(false);
  let stopWanted = $state(false);
  let queued = $state(false);
  let leftWaiting = $state(false);
  let approver = $state<string | null>(null);
  let turn: Turn | null = null;
  let openedAt = $state(0);
  let now = $state(kiosk.clock.exact());
  /** The attempt that the core showed before this one: its end is not ours. */
  let before = $state<string | null>(null);
  let run = 0;
  let gone = false;
  const timer = setInterval(() => {
    if (started) now = kiosk.clock.exact();
  }, tickMs);

  const attempt = $derived.by((): Attempt | null => {
    // What the core shows of the same lock until the turn comes is an attempt of somebody else.
    const current = queued ? null : (kiosk.attempt.current?.attempt ?? null);
    return started && current?.serialNumber === serialNumber && current.attemptId !== before ? current : null;
  });
  const phase = $derived(started ? attemptPhase(attempt, result, now) : null);
  const unanswered = $derived(phase?.kind === 'working' && isUnanswered(attempt, now));

  // Someone may want to stop before the core has said which attempt it is: the wish is kept until then.
  $effect(() => {
    if (!stopWanted || !attempt) return;
    stopWanted = false;
    if (attempt.canStop) void kiosk.client.call('stopUnlock', { attemptId: attempt.attemptId });
  });

  const start = async (asked?: Asked, by: string | null = null): Promise<void> => {
    run += 1;
    approver = by;
    stopWanted = leftWaiting = false;
    const own = run;
    turn?.end();
    const mine = (turn = turns.take());
    queued = true;
    before = kiosk.attempt.current?.attempt?.attemptId ?? null;
    result = null;
    told = null;
    startedAt = now = kiosk.clock.exact();
    started = true;
    const comes = await mine.comes;
    if (own !== run) {
      mine.end();
      if (gone) notOpened();
      return;
    }
    queued = false;
    before = kiosk.attempt.current?.attempt?.attemptId ?? null;
    startedAt = now = kiosk.clock.exact();
    const answer = comes
      ? await kiosk.client.call('unlock', { serialNumber, ...(asked && { asked }) })
      : fail('lock.cancelled', { serialNumber });
    openedAt = kiosk.clock.exact();
    const ended = attemptPhase(attempt, answer, openedAt);
    // What a person has to know first leaves no other lock to be opened behind it; whoever came after them goes on.
    if (own === run && wantsPerson(ended)) leftWaiting = turns.clear() > 0;
    mine.end();
    if (own !== run) {
      if (gone && ended.kind === 'not_open') notOpened();
      return;
    }
    result = answer;
    const sound = soundOf(ended);
    if (sound) kiosk.play(sound);
  };

  return {
    get phase() {
      return phase;
    },
    get queued() {
      return queued;
    },
    get leftWaiting() {
      return leftWaiting;
    },
    get attempt() {
      return attempt;
    },
    get now() {
      return now;
    },
    get startedAt() {
      return attempt?.startedAt ?? startedAt;
    },
    get unanswered() {
      return unanswered;
    },
    get heldForMs() {
      return phase?.kind === 'open' && openedAt > 0 ? Math.max(1, phase.until - openedAt) : 1;
    },
    get asking() {
      return asking;
    },
    get told() {
      return told;
    },
    get approver() {
      return approver;
    },
    get judged() {
      return phase?.kind === 'working' && !queued && attempt === null;
    },
    start,
    reset: () => {
      run += 1;
      started = false;
      result = null;
      told = null;
    },
    stop: () => {
      if (queued) turn?.end();
      else stopWanted = true;
    },
    ask: async () => {
      asking = true;
      told = null;
      told = await kiosk.client.call('askLock', { serialNumber });
      asking = false;
    },
    dispose: () => {
      run += 1;
      gone = true;
      // What is at work goes on at the kiosk: the next one's turn comes when that has ended.
      if (queued) turn?.end();
      clearInterval(timer);
    },
  };
};
