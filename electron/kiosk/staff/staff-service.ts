import type { Observable } from 'rxjs';
import { onAbort } from '#shared/flow/abort.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Approval, OwnProof } from '#shared/ipc/sign-in-calls.ts';
import type { SignInMethod } from '#shared/models/access-event.ts';
import type { StaffDocument, StoreDocument } from '#shared/models/documents.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import { createLatest } from '../platform/latest.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Notes } from '../data/notes.ts';
import type { Judge, Person } from './judge.ts';
import { createBadgeProof } from './badge-proof.ts';
import type { StaffBadges } from './badges.ts';
import { createLockouts } from './lockouts.ts';
import { createConfirm } from './confirm.ts';
import { duressOf, type Confirmed } from './opening.ts';
import { createPauseLift, type PauseLift } from './pause-lift.ts';
import { createPinProof, recordRefusal } from './pin-proof.ts';
import { createSessionHolder, type Session } from './session.ts';

/** Until the store's policy has arrived. */
const defaultIdleSeconds = 60;

export interface StaffService {
  /** Replays. */
  readonly session$: Observable<Session | null>;
  /** Whose session idleness has ended, until another begins. Replays. */
  readonly idledOut$: Observable<string | null>;
  /** Until when each locked-out person is locked out. Replays. */
  readonly lockedUntil$: Observable<ReadonlyMap<string, number>>;
  /**
   * One at a time. Errors: `staff.unknown`, `staff.locked_out`, `staff.wrong_pin`; `storage.disk_full` and
   * `storage.read_only` where the try could not be counted, whether the PIN is right or not. Only who has the right PIN is told that
   * their time has not begun or is over (`staff.not_yet`, `staff.ended`), or that their roles allow nothing (`rights.*`). Where `signal` is
   * aborted before it is judged, the page that asked is gone: nobody is signed in.
   */
  signIn(staffId: string, pin: string, signal?: AbortSignal): Promise<Result<null>>;
  /**
   * By badge, in place of whoever is signed in; their own badge proves them by both. Errors: those of `BadgeProof`, and whatever keeps
   * that person from being here, as by PIN.
   */
  signInByBadge(read: string, signal?: AbortSignal): Promise<Result<null>>;
  /** How whoever is signed in has proved who they are. */
  method(): SignInMethod;
  /**
   * As `method`, whenever it is asked, for as long as that person is signed in: a badge that is blocked counts no longer. Once they are
   * not, what it was then.
   */
  methodFrom(): () => SignInMethod;
  /** Whether whoever is signed in is so by their duress PIN. For the journal alone: nothing that the page gets may depend on it. */
  isForced(): boolean;
  /**
   * Whoever is signed in proves it by the other of badge and PIN, too. Errors: `staff.not_signed_in`; those of a PIN or a badge;
   * `badge.not_yours`: the session goes on as it was.
   */
  prove(proof: OwnProof): Promise<Result<null>>;
  /**
   * Who that is, and how they prove it, by a PIN or a badge of theirs: counted, locked out and recorded as at sign-in, and nobody is
   * signed in or out by it.
   */
  confirm(proof: Approval): Promise<Result<Confirmed>>;
  /** Who may lift this person's pause. */
  lifters(staffId: string): Person[];
  /** As `PauseLift.lift`, one at a time with every other PIN. */
  liftPause: PauseLift['lift'];
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
  /** Everyone who may sign in here. */
  members(): readonly { readonly staffId: string; readonly name: string }[];
  dispose(): Promise<void>;
}

export interface StaffOptions {
  readonly staff$: Observable<readonly StaffDocument[]>;
  readonly store$: Observable<StoreDocument | null>;
  readonly badges: Pick<StaffBadges, 'find' | 'isActive' | 'changed$'>;
  readonly notes: Notes;
  readonly journal: Journal;
  readonly judge: Pick<Judge, 'absence' | 'changed$' | 'refusal' | 'isSet' | 'whoMay'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Proofs {
  readonly pin: boolean;
  readonly badge: string | null;
  /** Once it was the duress PIN, until the session ends: they are not free because they type another one later. */
  readonly forced: boolean;
}
const noProofs: Proofs = { pin: false, badge: null, forced: false };

export const createStaffService = async (options: StaffOptions): Promise<StaffService> => {
  const { notes, journal, judge, clock, logger } = options;
  const staff = createLatest(options.staff$, []);
  const store = createLatest(options.store$, null);
  const lockouts = await createLockouts({ clock, notes, logger });
  const signedOut = (staffId: string): Promise<unknown> => journal.record({ kind: 'signed_out', staffId });
  /** The verifier of the PIN at the beginning of the session, whatever began it. */
  let begunWith = '';
  /** With what the person has proved who they are. */
  let proofs: Proofs = noProofs;
  const method = (): SignInMethod => (proofs.badge === null ? 'pin' : proofs.pin ? 'both' : 'badge');
  const session = createSessionHolder({
    clock,
    idleSeconds: () => store.value?.policy.idleSignOutSeconds ?? defaultIdleSeconds,
    onIdleEnd: ({ staffId }) => void signedOut(staffId),
  });

  // Whoever is taken off the list by headquarters, or is given another PIN, is signed out at once.
  const removal = options.staff$.subscribe((people) => {
    const current = session.current();
    if (!current) return;
    const isStill = people.some(({ staffId, pin }) => staffId === current.staffId && pin.hash === begunWith);
    if (isStill) return;
    session.end();
    void signedOut(current.staffId);
  });
  // So is whose badge, by which alone they are signed in, was blocked; who has entered their PIN, too, is signed in by that.
  const blocking = options.badges.changed$.subscribe(() => {
    const current = session.current();
    if (!current || proofs.badge === null) return;
    if (options.badges.isActive(current.staffId, proofs.badge)) return;
    proofs = { ...proofs, badge: null };
    if (proofs.pin) {
      session.provedBy(method());
      return;
    }
    session.end();
    void signedOut(current.staffId);
  });
  // So is whose time is over, or whose roles allow nothing any more.
  const absence = judge.changed$.subscribe(() => {
    const current = session.current();
    if (!current || !judge.absence(current.staffId)) return;
    session.end();
    void signedOut(current.staffId);
  });

  const verify = createPinProof({
    people: () => staff.value,
    mayBeForced: () => store.value?.policy.duressPin === true,
    lockouts,
    journal,
    clock,
  });

  /** Signs them in, in place of whoever is; who is there already has proved it once more. */
  const begin = async (person: StaffDocument, proof: Partial<Proofs>): Promise<Result<null>> => {
    const { staffId, name, pin } = person;
    const absent = judge.absence(staffId);
    if (absent) return recordRefusal(journal, staffId, absent, proof.forced);
    const before = session.current();
    const isSame = before?.staffId === staffId;
    const known = isSame ? proofs : noProofs;
    proofs = { ...known, ...proof, forced: known.forced || proof.forced === true };
    begunWith = pin.hash;
    session.begin(staffId, name, method());
    if (before && !isSame) await signedOut(before.staffId);
    // A backend that has made no key of badges may be one that does not know how else somebody signs in.
    const circumstances = {
      ...(proofs.badge === null ? {} : { method: method() }),
      ...duressOf(proofs.forced),
    };
    await journal.record({ kind: 'signed_in', staffId, circumstances });
    return ok(null);
  };

  const ledNowhere = (
    staffId: string,
    code: 'staff.unknown' | 'staff.not_signed_in',
    forced: boolean,
  ): Promise<Result<never>> => recordRefusal(journal, staffId, { code, params: {} }, forced);

  const signIn = async (staffId: string, pin: string, signal?: AbortSignal): Promise<Result<null>> => {
    const person = await verify(staffId, pin);
    if (!person.ok) return person;
    // Nobody reads this answer: nobody is there.
    if (signal?.aborted) return ledNowhere(staffId, 'staff.unknown', person.value.forced);
    return begin(person.value.person, { pin: true, forced: person.value.forced });
  };

  const personOf = (staffId: string): StaffDocument | undefined =>
    staff.value.find((one) => one.staffId === staffId);
  const proveBadge = createBadgeProof({ badges: options.badges, personOf, lockouts, journal, clock });
  const signInByBadge = async (read: string, signal?: AbortSignal): Promise<Result<null>> => {
    const proven = await proveBadge(read, session.current() !== null);
    if (signal?.aborted) return fail('badge.unknown');
    return proven.ok ? begin(proven.value.person, { badge: proven.value.hash }) : proven;
  };

  const prove = async (proof: OwnProof): Promise<Result<null>> => {
    const before = session.current();
    if (!before) return fail('staff.not_signed_in');
    const { staffId } = before;
    const isThere = (): boolean => session.current()?.staffId === staffId;
    if ('pin' in proof) {
      const proven = await verify(staffId, proof.pin);
      if (!proven.ok) return proven;
      const { person, forced } = proven.value;
      return isThere()
        ? begin(person, { pin: true, forced })
        : ledNowhere(staffId, 'staff.not_signed_in', forced);
    }
    const proven = await proveBadge(proof.read, true);
    if (!proven.ok) return proven;
    const { person, hash } = proven.value;
    if (person.staffId !== staffId) return fail('badge.not_yours');
    return isThere() ? begin(person, { badge: hash }) : fail('staff.not_signed_in');
  };

  const confirm = createConfirm({
    ...{ verifyPin: verify, proveBadge, personOf, badges: options.badges },
    isSignedIn: () => session.current() !== null,
  });

  const isMember = (staffId: string): boolean => staff.value.some((one) => one.staffId === staffId);
  const knowsRights = (staffId: string): boolean =>
    judge.isSet(staffId) || store.value?.policy.duressPin === true;
  const pauseLift = createPauseLift({ lockouts, judge, journal, isMember, confirm, knowsRights });

  const requireSession = (): Result<Session> => {
    session.touch();
    const current = session.current();
    return current ? ok(current) : fail('staff.not_signed_in');
  };

  // One after the other: each verification takes 128 MB, and two tries at once must not share one count.
  const queue = createQueue();

  return {
    session$: session.session$,
    idledOut$: session.idledOut$,
    lockedUntil$: lockouts.lockedUntil$,
    signIn: (staffId, pin, signal) => queue.add(() => signIn(staffId, pin, signal)),
    signInByBadge: (read, signal) => queue.add(() => signInByBadge(read, signal)),
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
    prove: (proof) => queue.add(() => prove(proof)),
    confirm: (proof) => queue.add(() => confirm(proof)),
    lifters: (staffId) => pauseLift.whoMay(staffId),
    liftPause: (staffId, by) => queue.add(() => pauseLift.lift(staffId, by)),
    signOut: async () => {
      const current = session.current();
      session.end();
      if (current) await signedOut(current.staffId);
    },
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
    members: () => staff.value.map(({ staffId, name }) => ({ staffId, name })),
    dispose: async () => {
      removal.unsubscribe();
      absence.unsubscribe();
      blocking.unsubscribe();
      await queue.idle();
      staff.dispose();
      store.dispose();
      session.dispose();
      lockouts.dispose();
    },
  };
};
