/** Who is signed in, and for how long still when nobody touches anything. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { SignInMethod } from '#shared/models/access-event.ts';
import type { Clock } from '../platform/clock.ts';

export interface Session {
  readonly staffId: string;
  readonly name: string;
  /** How they have proved who they are. */
  readonly method: SignInMethod;
  /** When it ends if nothing is touched, in the clock's time. */
  readonly idleAt: number;
}

export interface SessionHolder {
  /** Replays. */
  readonly session$: Observable<Session | null>;
  /** Whose session idleness has ended, until another begins; null where it ended otherwise. Replays. */
  readonly idledOut$: Observable<string | null>;
  current(): Session | null;
  begin(staffId: string, name: string, method: SignInMethod): void;
  /** That they have proved it in this way holds from now on; it postpones nothing. */
  provedBy(method: SignInMethod): void;
  /** Postpones the idle end. */
  touch(): void;
  /** Something is done for this person: idleness does not end the session before the function is called, and some time after it. */
  during(): () => void;
  end(): void;
  dispose(): void;
}

export interface SessionOptions {
  readonly clock: Clock;
  /** Seconds without a touch after which the session ends. */
  readonly idleSeconds: () => number;
  /** Called when idleness has ended a session, not when `end` has. */
  readonly onIdleEnd: (session: Session) => void;
}

/** How late after a sleep a session ends at the most. */
const lookEveryMs = 5_000;
/** So exactly is told when it ends. */
const toldToMs = 1_000;
/** No store's idle time is shorter, and after a task there is as much left: the page asks 25 s ahead, and people need 20 s to answer. */
export const shortestIdleMs = 30_000;

export const createSessionHolder = ({ clock, idleSeconds, onIdleEnd }: SessionOptions): SessionHolder => {
  const session$ = new BehaviorSubject<Session | null>(null);
  const idledOut$ = new BehaviorSubject<string | null>(null);
  /** Idle time is elapsed time: it also passes while the computer sleeps, when no timer runs. */
  let idleEndAt = 0;
  let cancelIdle = (): void => undefined;

  const end = (): void => {
    cancelIdle();
    tasks.clear();
    if (session$.value) session$.next(null);
  };

  const leftMs = (): number => idleEndAt - clock.sinceBoot();

  /** What is done for whoever is signed in. */
  const tasks = new Set<symbol>();
  /** So that there is at least so much left. */
  const keepFor = (ms: number): void => {
    const { value } = session$;
    if (!value || leftMs() >= ms) return;
    idleEndAt = clock.sinceBoot() + ms;
    session$.next({ ...value, idleAt: clock.now() + ms });
  };

  /** A clock that was set moves the time at which it ends, not how long that is away. */
  const tellAnew = (): void => {
    const { value } = session$;
    const idleAt = clock.now() + leftMs();
    if (value && Math.abs(value.idleAt - idleAt) > toldToMs) session$.next({ ...value, idleAt });
  };

  const look = (): void => {
    cancelIdle();
    const ended = session$.value;
    if (!ended) return;
    if (leftMs() > 0) {
      // Before the page asks. Whatever runs, a computer that slept for longer has lost its person.
      if (tasks.size > 0) keepFor(shortestIdleMs + lookEveryMs);
      tellAnew();
      cancelIdle = clock.after(Math.min(leftMs(), lookEveryMs), look);
      return;
    }
    // Before the end, so that whoever sees that knows why.
    idledOut$.next(ended.staffId);
    end();
    onIdleEnd(ended);
  };

  const hold = (staffId: string, name: string, method: SignInMethod): void => {
    if (session$.value?.staffId !== staffId) tasks.clear();
    const idleMs = Math.max(idleSeconds() * 1000, shortestIdleMs);
    if (idledOut$.value !== null) idledOut$.next(null);
    idleEndAt = clock.sinceBoot() + idleMs;
    session$.next({ staffId, name, method, idleAt: clock.now() + idleMs });
    look();
  };

  /** Who comes after the end, before any timer has said so, comes too late: it is over. */
  const current = (): Session | null => {
    if (session$.value && leftMs() <= 0) look();
    return session$.value;
  };

  return {
    session$,
    idledOut$,
    current,
    begin: hold,
    provedBy: (method) => {
      if (session$.value) session$.next({ ...session$.value, method });
    },
    touch: () => {
      const session = current();
      if (session) hold(session.staffId, session.name, session.method);
    },
    during: () => {
      if (!current()) return () => undefined;
      const task = Symbol('task');
      tasks.add(task);
      keepFor(shortestIdleMs + lookEveryMs);
      return () => {
        if (current() && tasks.delete(task)) keepFor(shortestIdleMs);
      };
    },
    end,
    dispose: () => {
      cancelIdle();
      session$.complete();
      idledOut$.complete();
    },
  };
};
