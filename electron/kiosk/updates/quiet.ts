/** Whether an update is in nobody's way: nobody is there, nothing is under way, and all that was done is on the disk. */
import type { Observable } from 'rxjs';
import type { Clock } from '../platform/clock.ts';
import { createLatest } from '../platform/latest.ts';

/** Who is told that somebody is at the screen. */
export interface Attendance {
  seen(): void;
}

export interface Quiet extends Attendance {
  now(): Promise<boolean>;
  /** Whether nothing is under way, and all that was done is on the disk, whoever is signed in. */
  idle(): Promise<boolean>;
  /** Whether nobody is signed in, whoever was there a moment ago. */
  nobody(): boolean;
  dispose(): void;
}

export interface QuietOptions {
  readonly session$: Observable<object | null>;
  readonly attempt$: Observable<{ readonly end: object | null } | null>;
  readonly run$: Observable<{ readonly over: boolean } | null>;
  /** Free while the radio talks to no lock: an opening, an enrolment, the kiosk's own work. */
  readonly slot: { isFree(): boolean };
  /** Who has asked for a lock with a delay: no start of the kiosk finds that again. */
  readonly waits: { any(): boolean };
  /** Who waits for somebody to come and open. */
  readonly customer$: Observable<{ readonly since: number | null } | null>;
  /** Ok where nothing waits to be written. */
  readonly journal: { catchUp(): Promise<{ readonly ok: boolean }> };
  readonly clock: Pick<Clock, 'sinceBoot'>;
  /** Called when somebody signs in. */
  readonly onSomebody: () => void;
}

/** Nobody was signed in or has touched anything for so long: who goes to fetch something comes back. */
const quietForMs = 2 * 60_000;

export const createQuiet = (options: QuietOptions): Quiet => {
  const { session$, slot, waits, journal, clock, onSomebody } = options;
  const attempt = createLatest(options.attempt$, null);
  const run = createLatest(options.run$, null);
  const customer = createLatest(options.customer$, null);
  let isSignedIn = false;
  let lastThereAt = clock.sinceBoot();
  const session = session$.subscribe((now) => {
    if (now && !isSignedIn) onSomebody();
    if (isSignedIn) lastThereAt = clock.sinceBoot();
    isSignedIn = now !== null;
  });
  const isIdle = (): boolean =>
    (attempt.value === null || attempt.value.end !== null) &&
    (run.value === null || run.value.over) &&
    slot.isFree() &&
    !waits.any();
  const isAwaited = (): boolean => (customer.value?.since ?? null) !== null;
  const isQuiet = (): boolean =>
    !isSignedIn && !isAwaited() && clock.sinceBoot() - lastThereAt >= quietForMs && isIdle();
  /** Asked again once the disk has answered: somebody may have come meanwhile. */
  const saved = async (holds: () => boolean): Promise<boolean> =>
    holds() && (await journal.catchUp()).ok && holds();
  return {
    now: () => saved(isQuiet),
    idle: () => saved(isIdle),
    nobody: () => !isSignedIn,
    seen: () => (lastThereAt = clock.sinceBoot()),
    dispose: () => {
      session.unsubscribe();
      attempt.dispose();
      run.dispose();
      customer.dispose();
    },
  };
};
