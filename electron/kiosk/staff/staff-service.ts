import type { Observable } from 'rxjs';
import { createQueue } from '#shared/flow/queue.ts';
import { fail, type Result } from '#shared/errors/app-error.ts';
import type { Approval, OwnProof } from '#shared/ipc/sign-in-calls.ts';
import type { ProofPurpose } from '#shared/models/access-event.ts';
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
import type { Confirmed } from './opening.ts';
import { createPauseLift, type PauseLift } from './pause-lift.ts';
import { createPinProof, recordRefusal } from './pin-proof.ts';
import { createSigningIn, type SignedIn } from './signed-in.ts';

/** Until the store's policy has arrived. */
const defaultIdleSeconds = 60;

export interface StaffService extends SignedIn {
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
  /**
   * Whoever is signed in proves it by the other of badge and PIN, too. Errors: `staff.not_signed_in`; those of a PIN or a badge;
   * `badge.not_yours`: the session goes on as it was.
   */
  prove(proof: OwnProof): Promise<Result<null>>;
  /**
   * Who that is, and how they prove it, by a PIN or a badge of theirs: counted, locked out and recorded as at sign-in, and nobody is
   * signed in or out by it.
   */
  confirm(proof: Approval, purpose: ProofPurpose): Promise<Result<Confirmed>>;
  /** Who may lift this person's pause. */
  lifters(staffId: string): Person[];
  /** As `PauseLift.lift`, one at a time with every other PIN. */
  liftPause: PauseLift['lift'];
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

export const createStaffService = async (options: StaffOptions): Promise<StaffService> => {
  const { notes, journal, judge, clock, logger } = options;
  const staff = createLatest(options.staff$, []);
  const store = createLatest(options.store$, null);
  const lockouts = await createLockouts({ clock, notes, logger });
  const session = createSigningIn({
    staff$: options.staff$,
    badges: options.badges,
    idleSeconds: () => store.value?.policy.idleSignOutSeconds ?? defaultIdleSeconds,
    judge,
    journal,
    clock,
  });

  const verify = createPinProof({
    people: () => staff.value,
    mayBeForced: () => store.value?.policy.duressPin === true,
    lockouts,
    journal,
    clock,
  });

  const ledNowhere = (
    staffId: string,
    code: 'staff.unknown' | 'staff.not_signed_in',
    asked: { readonly forced: boolean; readonly purpose?: ProofPurpose },
  ): Promise<Result<never>> => recordRefusal(journal, staffId, { code, params: {} }, asked);

  const signIn = async (staffId: string, pin: string, signal?: AbortSignal): Promise<Result<null>> => {
    const person = await verify(staffId, pin);
    if (!person.ok) return person;
    // Nobody reads this answer: nobody is there.
    if (signal?.aborted) return ledNowhere(staffId, 'staff.unknown', person.value);
    return session.begin(person.value.person, { pin: true, forced: person.value.forced });
  };

  const personOf = (staffId: string): StaffDocument | undefined =>
    staff.value.find((one) => one.staffId === staffId);
  const proveBadge = createBadgeProof({ badges: options.badges, personOf, lockouts, journal, clock });
  const signInByBadge = async (read: string, signal?: AbortSignal): Promise<Result<null>> => {
    const proven = await proveBadge(read, session.current() !== null);
    if (signal?.aborted) return fail('badge.unknown');
    return proven.ok ? session.begin(proven.value.person, { badge: proven.value.hash }) : proven;
  };

  const prove = async (proof: OwnProof): Promise<Result<null>> => {
    const before = session.current();
    if (!before) return fail('staff.not_signed_in');
    const { staffId } = before;
    const isThere = (): boolean => session.current()?.staffId === staffId;
    if ('pin' in proof) {
      const proven = await verify(staffId, proof.pin, 'opening');
      if (!proven.ok) return proven;
      const { person, forced } = proven.value;
      return isThere()
        ? session.begin(person, { pin: true, forced })
        : ledNowhere(staffId, 'staff.not_signed_in', { forced, purpose: 'opening' });
    }
    const proven = await proveBadge(proof.read, true, 'opening');
    if (!proven.ok) return proven;
    const { person, hash } = proven.value;
    if (person.staffId !== staffId) return fail('badge.not_yours');
    return isThere() ? session.begin(person, { badge: hash }) : fail('staff.not_signed_in');
  };

  const confirm = createConfirm({
    verifyPin: verify,
    proveBadge,
    personOf,
    badges: options.badges,
    isSignedIn: () => session.current() !== null,
  });

  const isMember = (staffId: string): boolean => staff.value.some((one) => one.staffId === staffId);
  const knowsRights = (staffId: string): boolean =>
    judge.isSet(staffId) || store.value?.policy.duressPin === true;
  const pauseLift = createPauseLift({ lockouts, judge, journal, isMember, confirm, knowsRights });

  // One after the other: each verification takes 128 MB, and two tries at once must not share one count.
  const queue = createQueue();

  return {
    ...session.signedIn,
    lockedUntil$: lockouts.lockedUntil$,
    signIn: (staffId, pin, signal) => queue.add(() => signIn(staffId, pin, signal)),
    signInByBadge: (read, signal) => queue.add(() => signInByBadge(read, signal)),
    prove: (proof) => queue.add(() => prove(proof)),
    confirm: (proof, purpose) => queue.add(() => confirm(proof, purpose)),
    lifters: (staffId) => pauseLift.whoMay(staffId),
    liftPause: (staffId, by) => queue.add(() => pauseLift.lift(staffId, by)),
    members: () => staff.value.map(({ staffId, name }) => ({ staffId, name })),
    dispose: async () => {
      await queue.idle();
      staff.dispose();
      store.dispose();
      session.dispose();
      lockouts.dispose();
    },
  };
};
