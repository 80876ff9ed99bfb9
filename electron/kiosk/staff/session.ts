/** Who is signed in, and for how long still when nobody touches anything. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { Clock } from '../platform/clock.ts';

export interface Session {
  readonly staffId: string;
  readonly name: string;
  /** When it ends if nothing is touched, in the clock's time. */
  readonly idleAt: number;
}

export interface SessionHolder {
  /** Replays. */
  readonly session$: Observable<Session | null>;
  current(): Session | null;
  begin(staffId: string, name: string): void;
  /** Postpones the idle end. */
  touch(): void;
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

export const createSessionHolder = ({ clock, idleSeconds, onIdleEnd }: SessionOptions): SessionHolder => {
  const session$ = new BehaviorSubject<Session | null>(null);
  let cancelIdle = (): void => undefined;

  const end = (): void => {
    cancelIdle();
    if (session$.value) session$.next(null);
  };

  const hold = (staffId: string, name: string): void => {
    cancelIdle();
    const idleMs = idleSeconds() * 1000;
    session$.next({ staffId, name, idleAt: clock.now() + idleMs });
    cancelIdle = clock.after(idleMs, () => {
      const ended = session$.value;
      end();
      if (ended) onIdleEnd(ended);
    });
  };

  return {
    session$,
    current: () => session$.value,
    begin: hold,
    touch: () => {
      if (session$.value) hold(session$.value.staffId, session$.value.name);
    },
    end,
    dispose: () => {
      cancelIdle();
      session$.complete();
    },
  };
};
