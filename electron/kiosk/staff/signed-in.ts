/** Who is signed in, by what they have proved who they are, and what ends that. */
import type { Observable } from 'rxjs';
import { onAbort } from '#shared/flow/abort.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { SignInMethod } from '#shared/models/access-event.ts';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { StaffBadges } from './badges.ts';
import type { Judge } from './judge.ts';
import { duressOf } from './opening.ts';
import { recordRefusal } from './pin-proof.ts';
import { createSessionHolder, type Session } from './session.ts';

/** What anybody may ask about whoever is signed in. */
export interface SignedIn {
  /** Replays. */
  readonly session$: Observable<Session | null>;
  /** Whose session idleness has ended, until another begins. Replays. */
  readonly idledOut$: Observable<string | null>;
  /** How whoever is signed in has proved who they are. */
  method(): SignInMethod;
  /**
   * As `method`, whenever it is asked, for as long as that person is signed in: a badge that is blocked counts no longer. Once they are
   * not, what it was then.
   */
  methodFrom(): () => SignInMethod;
  /** Whether whoever is signed in is so by their duress PIN. For the journal alone: nothing that the page gets may depend on it. */
  isForced(): boolean;
  signOut(): Promise<void>;
  touch(): void;
  /** The session, or `staff.not_signed_in`; counts as a touch. */
  requireSession(): Result<Session>;
  /** As `SessionHolder.during`. */
  during(): () => void;
  /**
   * Runs `act` for whoever is signed in, or answers `staff.not_signed_in`. `there` is aborted with `signal`, and as soon as that person
   * is not signed in any more, however their session ended: nothing is opened, or given back, for somebody who is gone. Idleness ends
   * no session meanwhile.
   */
  whileSignedIn<T>(
    signal: AbortSignal,
    act: (person: Session, there: AbortSignal) => Promise<Result<T>>,
  ): Promise<Result<T>>;
}

/** With what a person has proved who they are. */
export interface Proofs {
  readonly pin: boolean;
  readonly badge: string | null;
  /** Once it was the duress PIN, until the session ends: they are not free because they type another one later. */
  readonly forced: boolean;
}
const noProofs: Proofs = { pin: false, badge: null, forced: false };

export interface SigningIn {
  readonly signedIn: SignedIn;
  current(): Session | null;
  /** Signs them in, in place of whoever is; who is there already has proved it once more. Refused where `Judge.absence` says so. */
  begin(person: StaffDocument, proof: Partial<Proofs>): Promise<Result<null>>;
  dispose(): void;
}

export interface SigningInOptions {
  readonly staff$: Observable<readonly StaffDocument[]>;
  readonly badges: Pick<StaffBadges, 'isActive' | 'changed$'>;
  readonly idleSeconds: () => number;
  readonly judge: Pick<Judge, 'absence' | 'changed$'>;
  readonly journal: Journal;
  readonly clock: Clock;
}

export const createSigningIn = (options: SigningInOptions): SigningIn => {
  const { staff$, badges, idleSeconds, judge, journal, clock } = options;
  const recordSignedOut = (staffId: string): Promise<unknown> =>
    journal.record({ kind: 'signed_out', staffId });
  /** The verifier of the PIN at the beginning of the session, whatever began it. */
  let begunWith = '';
  let proofs: Proofs = noProofs;
  const method = (): SignInMethod => (proofs.badge === null ? 'pin' : proofs.pin ? 'both' : 'badge');
  const session = createSessionHolder({
    clock,
    idleSeconds,
    onIdleEnd: ({ staffId }) => void recordSignedOut(staffId),
  });
  const signOut = async (): Promise<void> => {
    const current = session.current();
    session.end();
    if (current) await recordSignedOut(current.staffId);
  };

  // Whoever is taken off the list by headquarters, or is given another PIN, is signed out at once.
  const removal = staff$.subscribe((people) => {
    const current = session.current();
    if (!current) return;
    const isStill = people.some(({ staffId, pin }) => staffId === current.staffId && pin.hash === begunWith);
    if (!isStill) void signOut();
  });
  // So is whose badge, by which alone they are signed in, was blocked; who has entered their PIN, too, is signed in by that.
  const blocking = badges.changed$.subscribe(() => {
    const current = session.current();
    if (!current || proofs.badge === null) return;
    if (badges.isActive(current.staffId, proofs.badge)) return;
    proofs = { ...proofs, badge: null };
    if (proofs.pin) session.provedBy(method());
    else void signOut();
  });
  // So is whose time is over, or whose roles allow nothing any more.
  const absence = judge.changed$.subscribe(() => {
    const current = session.current();
    if (current && judge.absence(current.staffId)) void signOut();
  });

  const requireSession = (): Result<Session> => {
    session.touch();
    const current = session.current();
    return current ? ok(current) : fail('staff.not_signed_in');
  };

  return {
    signedIn: {
      session$: session.session$,
      idledOut$: session.idledOut$,
      method,
      methodFrom: () => {
        const begun = session.current();
        let last = method();
        return () => {
          if (begun && session.current()?.staffId === begun.staffId) last = method();
          return last;
        };
      },
      isForced: () => session.current() !== null && proofs.forced,
      signOut,
      touch: () => session.touch(),
      requireSession,
      during: () => session.during(),
      whileSignedIn: (signal, act) => {
        const person = requireSession();
        if (!person.ok) return Promise.resolve(person);
        const there = new AbortController();
        const forget = onAbort(signal, () => there.abort());
        const isOver = session.during();
        const watching = session.session$.subscribe((now) => {
          if (now?.staffId !== person.value.staffId) there.abort();
        });
        return act(person.value, there.signal).finally(() => {
          watching.unsubscribe();
          forget();
          isOver();
        });
      },
    },
    current: () => session.current(),
    begin: async (person, proof) => {
      const { staffId, name, pin } = person;
      const absent = judge.absence(staffId);
      if (absent) return recordRefusal(journal, staffId, absent, { forced: proof.forced === true });
      const before = session.current();
      const isSame = before?.staffId === staffId;
      const known = isSame ? proofs : noProofs;
      proofs = { ...known, ...proof, forced: known.forced || proof.forced === true };
      begunWith = pin.hash;
      session.begin(staffId, name, method());
      if (before && !isSame) await recordSignedOut(before.staffId);
      // A backend that has made no key of badges may be one that does not know how else somebody signs in.
      const circumstances = {
        ...(proofs.badge === null ? {} : { method: method() }),
        ...duressOf(proofs.forced),
      };
      await journal.record({ kind: 'signed_in', staffId, circumstances });
      return ok(null);
    },
    dispose: () => {
      removal.unsubscribe();
      blocking.unsubscribe();
      absence.unsubscribe();
      session.dispose();
    },
  };
};
