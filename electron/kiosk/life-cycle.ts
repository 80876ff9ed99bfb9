/**
 * The kiosk's life: unregistered → ready → revoked, and from there, with a new code, ready again.
 *
 *   unregistered ── registerKiosk / registration code ──► ready ── backend signs it ──► revoked ── new code ──► ready
 *
 * What a revoked kiosk erases is gone even if the machine stops in the middle: the intention is noted first, and carried
 * out at the next start. What it had not delivered is sealed for the backend before its keys go.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { createHook } from '#shared/flow/hook.ts';
import { createQueue } from '#shared/flow/queue.ts';
import { AppFailure, fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { signedRevocationSchema, type SignedRevocation } from '#shared/http/revocation.ts';
import type { Phase } from '#shared/ipc/views.ts';
import { readJson } from '#shared/models/json.ts';
import type { RevocationReason } from '#shared/models/revocation-reason.ts';
import { createConfiguredCode } from './configured-code.ts';
import { noteBegun } from './data/loss.ts';
import { watchRoom, type StartNotices } from './data/room.ts';
import type { KioskData } from './data/port.ts';
import type { LastWords } from './last-words.ts';
import type { Clock } from './platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from './platform/random.ts';
import type { Replication } from './replication.ts';
import type { KioskIdentity, Vault, VaultState } from './vault/port.ts';
import type { Registration } from './vault/registration.ts';

/** 'erasing' from the revocation on, 'yes' once nothing is left, '' with the next registration. */
const noteKey = 'revoked';
/** The backend's word, for as long as the kiosk is revoked. */
const wordKey = 'revocation';
const eraseAgainMs = 30_000;
const registrationMs = 25_000;

export interface LifeCycle {
  /** Each replays. */
  readonly phase$: Observable<Phase>;
  readonly identity$: Observable<KioskIdentity | null>;
  readonly vault$: Observable<VaultState>;
  readonly notice$: Observable<AppError | null>;
  /** Why it was revoked; null for a kiosk that is not, and where nobody knows any more. */
  readonly revokedFor$: Observable<RevocationReason | null>;
  /** Registers with a code that a person typed. `sync.registration_refused` also where the kiosk is registered already. */
  register(request: { code: string; name: string }, signal: AbortSignal): Promise<Result<null>>;
  /**
   * Carries on where the last run stopped; registers by the configured code, if there is one, until it has worked. Where the keys of an
   * identity cannot be opened that is left to a person.
   */
  start(configured: { readonly code: string | undefined; readonly name: string }): Promise<void>;
  /** Before anything is erased: sessions and operations end, in this order. Erasing waits for that, and begins even where it fails. */
  onRevoked(act: () => unknown): void;
  /** The keys are gone, the data goes next: what waits in memory to be stored goes before it. Where it fails, all is tried again. */
  onErase(act: () => unknown): void;
  /** A new identity is saved: what is stored of an earlier one is brought in line with it. */
  onRegistered(act: (identity: KioskIdentity) => unknown): void;
  dispose(): Promise<void>;
}

export interface LifeCycleOptions extends StartNotices {
  readonly vault: Vault;
  readonly data: Pick<KioskData, 'erase' | 'readNote' | 'writeNote'>;
  readonly registration: Registration;
  readonly replication: Pick<Replication, 'state$' | 'start' | 'restart'>;
  readonly lastWords: Pick<LastWords, 'keep' | 'keepAgain'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export const createLifeCycle = (options: LifeCycleOptions): LifeCycle => {
  const { vault, data, registration, replication, lastWords, clock, random, logger } = options;
  const beforeErasing = createHook();
  const whileErasing = createHook();
  const registeredAs = createHook<KioskIdentity>();
  const phase$ = new BehaviorSubject<Phase>('starting');
  const identity$ = new BehaviorSubject(vault.identity);
  const vault$ = new BehaviorSubject(vault.state);
  const notice$ = new BehaviorSubject<AppError | null>(null);
  const room = watchRoom(notice$, { data, clock });
  const sayOfStart = (): void => {
    if (options.hiddenNotice) notice$.next(options.hiddenNotice);
    notice$.next(options.notice);
  };
  sayOfStart();
  const revokedFor$ = new BehaviorSubject<RevocationReason | null>(null);
  const stopper = new AbortController();
  let revocation: SignedRevocation | null = null;
  let cancelErasing = (): void => undefined;
  /** Something that has to go may still be there. */
  let isErasing = false;
  let revoking: Promise<void> | null = null;
  const registrations = createQueue();

  const showVault = (): void => {
    identity$.next(vault.identity);
    vault$.next(vault.state);
  };

  /** Keys that cannot be opened are as good as none; registering anew is the way out, so that is what is offered. */
  const usable = (): boolean => vault.identity !== null && vault.state !== 'cannot_open';

  const eraseAll = async (whatIsLocked: 'erase' | 'keep'): Promise<void> => {
    cancelErasing();
    isErasing = true;
    if (revocation) await data.writeNote(wordKey, JSON.stringify(revocation));
    await data.writeNote(noteKey, 'erasing');
    if (revocation && vault.identity) await keepLastWords(revocation);
    await vault.erase();
    showVault();
    await whileErasing.run();
    // The intention stays until all has gone: a kill in between is made good at the next start.
    await data.erase([noteKey, wordKey], whatIsLocked);
    await lastWords.keepAgain();
    isErasing = false;
    const noted = await data.writeNote(noteKey, 'yes');
    if (noted.ok) await vault.forgetErasure();
    else logger.warn('revocation not noted', { code: noted.error.code });
  };

  /** Whatever comes of it, the keys go next. */
  const keepLastWords = async (word: SignedRevocation): Promise<void> => {
    try {
      const kept = await lastWords.keep(word);
      if (kept.ok) return;
      logger.error('last words not on the disk', { code: kept.error.code });
      notice$.next(kept.error);
    } catch (error) {
      logger.error('last words not sealed', describeThrown(error));
    }
  };

  /** Tries again by itself: a disk that takes nothing now may later. The keys themselves go without any room. */
  const eraseUntilDone = async (whatIsLocked: 'erase' | 'keep' = 'erase'): Promise<Result<null>> => {
    try {
      await eraseAll(whatIsLocked);
      return ok(null);
    } catch (error) {
      logger.error('erasing failed', describeThrown(error));
      if (!stopper.signal.aborted) cancelErasing = clock.after(eraseAgainMs, eraseAgain);
      return error instanceof AppFailure ? { ok: false, error: error.error } : fail('internal.unexpected');
    }
  };

  const eraseAgain = (): void => {
    revoking ??= eraseUntilDone()
      .then(() => undefined)
      .finally(() => {
        revoking = null;
      });
  };

  const revoke = async (word: SignedRevocation): Promise<void> => {
    logger.warn('kiosk revoked', { reason: word.reason, revokedAt: word.revokedAt });
    revocation = word;
    revokedFor$.next(word.reason);
    phase$.next('revoked');
    // Whatever does not end of what is under way, the keys go.
    await beforeErasing
      .run()
      .catch((error: unknown) => logger.error('revocation threw', describeThrown(error)));
    await eraseUntilDone();
  };

  const subscription = replication.state$.subscribe((state) => {
    if (!state.revocation || revoking || phase$.value !== 'ready') return;
    revoking = revoke(state.revocation)
      .catch((error: unknown) => {
        logger.error('revocation threw', describeThrown(error));
      })
      .finally(() => {
        revoking = null;
      });
  });

  const registerOnce = async (
    request: { code: string; name: string },
    signal: AbortSignal,
  ): Promise<Result<null>> => {
    await revoking;
    if (usable()) return fail('sync.registration_refused');
    if (vault.state === 'cannot_open' || isErasing) {
      // What is left belongs to an identity that can no longer be proven; its documents are not ours to keep. Those that nobody
      // can read are: an event that the backend never got may be among them, and their key be found again.
      const erased = await eraseUntilDone(isErasing ? 'erase' : 'keep');
      if (!erased.ok) return erased;
    }
    const begun = await noteBegun(data);
    if (!begun.ok) return begun;
    const late = new AbortController();
    const cancelLate = clock.after(registrationMs, () => late.abort());
    const registered = await registration
      .register(request, AbortSignal.any([signal, stopper.signal, late.signal]))
      .finally(cancelLate);
    showVault();
    if (!registered.ok) return registered;
    if (vault.identity) await registeredAs.run(vault.identity);
    revocation = null;
    revokedFor$.next(null);
    await data.writeNote(noteKey, '');
    await data.writeNote(wordKey, '');
    notice$.next(null);
    sayOfStart();
    phase$.next('ready');
    await replication.restart();
    return ok(null);
  };

  const register = (request: { code: string; name: string }, signal: AbortSignal): Promise<Result<null>> =>
    registrations.add(() => registerOnce(request, signal));

  const configuredCode = createConfiguredCode({
    register: (request) => register(request, stopper.signal),
    tell: (error) => notice$.next(error),
    isOver: () => stopper.signal.aborted || phase$.value === 'ready',
    clock,
    random,
    logger,
  });

  return {
    phase$,
    identity$,
    vault$,
    notice$,
    revokedFor$,
    register,
    onRevoked: (act) => beforeErasing.add(act),
    onErase: (act) => whileErasing.add(act),
    onRegistered: (act) => registeredAs.add(act),
    start: async ({ code, name }) => {
      const noted = await data.readNote(noteKey);
      revocation = readJson(signedRevocationSchema, await data.readNote(wordKey));
      // The machine stopped while it was erasing; on a full disk only the vault could note that it had begun.
      const isLeftErasing = noted === 'erasing' || vault.isLeftErasing;
      const revoked = noted === 'yes' || isLeftErasing;
      if (isLeftErasing || (revoked && vault.identity)) await eraseUntilDone();
      if (!usable() && revoked) revokedFor$.next(revocation?.reason ?? null);
      if (vault.state === 'cannot_open') notice$.next({ code: 'vault.cannot_open', params: {} });
      phase$.next(usable() ? 'ready' : revoked ? 'revoked' : 'unregistered');
      if (phase$.value === 'ready') replication.start();
      if (phase$.value !== 'unregistered' || code === undefined) return;
      // A secret store may be away for one start alone: to give up what it opens takes a person, who sees what is lost by it.
      if (vault.state === 'cannot_open') logger.warn('configured code not used: the keys cannot be opened');
      else configuredCode.use(code, name);
    },
    dispose: async () => {
      stopper.abort();
      configuredCode.dispose();
      cancelErasing();
      room.dispose();
      subscription.unsubscribe();
      await registrations.idle();
      await revoking;
      for (const subject of [phase$, identity$, vault$, notice$, revokedFor$]) subject.complete();
    },
  };
};
