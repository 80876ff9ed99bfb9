/** Replication with the backend: one round pulls and pushes everything; this decides when and says how it stands. */
import { BehaviorSubject, pairwise } from 'rxjs';
import { AppFailure, fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Fetch } from '../../platform/http.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { Sync, SyncState } from '../port.ts';
import type { Replica } from '../replica.ts';
import { answered, failed, graver, silent, type Answer, type Problem } from './answer.ts';
import { waitAfter } from './backoff.ts';
import { watchClock } from './clock-watch.ts';
import { pullAll } from './pull.ts';
import { pushAll } from './push.ts';
import { createResyncStream, type ResyncStream } from './resync-stream.ts';
import { createRounds } from './rounds.ts';
import { createSession, type Session, type SyncAuth } from './session.ts';
import { checkTime } from './time-check.ts';
import { askForTimeToken } from './time-token.ts';

export interface SyncOptions {
  readonly data: { readonly replica: Replica };
  readonly fetch: Fetch;
  /** Without a trailing slash. */
  readonly backendUrl: string;
  /** null as long as the kiosk is not registered; asked again at every round. */
  readonly auth: () => SyncAuth | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** A time check is in the state; the round goes on once whoever acts upon it has done so. Must not reject. */
  readonly timeChecked?: () => Promise<void>;
}

/** How one round ended: null when all is through, 'unregistered' where there is no one to speak as. */
type RoundEnd = Problem | 'unregistered' | null;

interface Contact {
  readonly auth: SyncAuth;
  readonly session: Session;
  readonly stream: ResyncStream;
}

const timeCheckEveryMs = 15 * 60_000;
const pruneEveryMs = 24 * 3600_000;
/** After a lost stream: enough to spread the kiosks of a backend that restarted. */
const lostStreamMs = 2_000;

export const createSync = (options: SyncOptions): Sync => {
  const { data, fetch, backendUrl, clock, random, logger } = options;
  const { replica } = data;
  const stopping = new AbortController();
  const { signal } = stopping;
  let contact: Contact | null = null;
  let failures = 0;
  let timeCheckDueAt = -Infinity;
  let pruneDueAt = -Infinity;

  const state = new BehaviorSubject<SyncState>({
    connection: options.auth() ? 'offline' : 'unregistered',
    waiting: 0,
    lastContactAt: replica.lastContactAt,
    pulling: null,
    invalidRows: 0,
    skewMs: null,
    timeChecks: 0,
    revoked: false,
  });
  const update = (change: Partial<SyncState>): void => {
    if (!signal.aborted) state.next({ ...state.value, ...change });
  };

  const contactFor = (auth: SyncAuth): Contact => {
    if (contact?.auth.kioskId === auth.kioskId) return contact;
    contact?.stream.dispose();
    const session = createSession({ backendUrl, fetch, clock, auth });
    const stream = createResyncStream({
      backendUrl,
      fetch,
      clock,
      random,
      session,
      onResync: () => rounds.soon(0),
      onLost: () => rounds.soon(random.float() * lostStreamMs),
    });
    contact = { auth, session, stream };
    return contact;
  };

  const updateSkew = async ({ backendKey }: SyncAuth): Promise<void> => {
    if (clock.monotonic() < timeCheckDueAt) return;
    const skewMs = await checkTime({ backendUrl, backendKey, fetch, clock, random, logger }, signal);
    if (skewMs === null) return;
    timeCheckDueAt = clock.monotonic() + timeCheckEveryMs;
    update({ skewMs, timeChecks: state.value.timeChecks + 1 });
    await options.timeChecked?.();
  };

  const exchange = async (auth: SyncAuth): Promise<Answer<null>> => {
    const { session, stream } = contactFor(auth);
    // First, and without a token: a kiosk whose clock is wrong gets no token, and this is how it finds out.
    await updateSkew(auth);
    const onProgress = (pulling: SyncState['pulling']): void => update({ pulling });
    // Side by side, so that neither direction waits for the other's trouble.
    const [pulled, pushed] = await Promise.all([
      storing(pullAll({ session, replica, onProgress }, signal)),
      storing(pushAll({ session, replica, logger }, signal)),
    ]);
    if (!pulled.ok) return failed(pushed.ok ? pulled.problem : graver(pulled.problem, pushed.problem));
    if (!pushed.ok) return pushed;
    stream.ensureOpen();
    return storing(Promise.resolve().then(() => noteContact()));
  };

  /**
   * Who is refused may have a clock that has gone wrong since the last check, as that of a machine that was suspended: it is
   * checked anew, and where that had not been done in this round, one more exchange shows whether it was that.
   */
  const believed = async (auth: SyncAuth): Promise<Answer<null>> => {
    const isCheckDue = clock.monotonic() >= timeCheckDueAt;
    const first = await exchange(auth);
    if (first.ok || first.problem.kind !== 'refused') return first;
    timeCheckDueAt = -Infinity;
    return isCheckDue ? first : exchange(auth);
  };

  const noteContact = async (): Promise<Answer<null>> => {
    const now = clock.now();
    update({ lastContactAt: now });
    replica.setLastContactAt(now);
    if (clock.monotonic() >= pruneDueAt) {
      pruneDueAt = clock.monotonic() + pruneEveryMs;
      await replica.pruneEvents(now);
    }
    return answered(null);
  };

  const run = async (): Promise<RoundEnd> => {
    const auth = options.auth();
    if (!auth) {
      update({ connection: 'unregistered' });
      return 'unregistered';
    }
    if (state.value.revoked) return { kind: 'revoked' };
    const answer = await believed(auth).catch((error: unknown) => unexpected(logger, error));
    const problem = answer.ok ? null : answer.problem;
    failures = problem ? failures + 1 : 0;
    update(stateAfter(problem));
    if (problem && !signal.aborted) logger.info('round failed', { problem: problem.kind, failures });
    return problem;
  };

  const rounds = createRounds<RoundEnd>({
    clock,
    run,
    waitAfter: (end) => (end === 'unregistered' ? null : waitAfter(end, failures, random.float())),
  });

  const subscriptions = [
    replica.invalidRows$.subscribe((invalidRows) => update({ invalidRows })),
    replica.waiting$.subscribe((waiting) => update({ waiting })),
    // A change made here goes out at once while there is contact; without, the backoff decides.
    replica.waiting$.pipe(pairwise()).subscribe(([before, now]) => {
      if (now > before && state.value.connection === 'online') rounds.soon(0);
    }),
  ];
  let stopWatching = (): void => undefined;

  return {
    state$: state.asObservable(),
    start: () => {
      stopWatching();
      stopWatching = watchClock(clock, (ms) => {
        logger.info('clock moved', { ms });
        timeCheckDueAt = -Infinity;
        failures = 0;
        rounds.soon(0);
      });
      rounds.start();
    },
    resync: async (callerSignal) => {
      if (signal.aborted || callerSignal?.aborted) return fail('sync.unreachable');
      return toResult(await Promise.race([rounds.request(), aborted(callerSignal)]));
    },
    timeToken: async (challenge) => {
      const auth = options.auth();
      if (!auth || state.value.connection !== 'online') return null;
      return askForTimeToken(contactFor(auth).session, challenge, signal);
    },
    dispose: async () => {
      stopping.abort(new Error('disposed'));
      stopWatching();
      contact?.stream.dispose();
      for (const subscription of subscriptions) subscription.unsubscribe();
      await rounds.stop();
      state.complete();
    },
  };
};

/** What the storage refuses is part of the answer; it must not look like a lost connection. */
const storing = async (work: Promise<Answer<null>>): Promise<Answer<null>> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppFailure) return failed({ kind: 'storage', error: error.error });
    throw error;
  }
};

/** A broken invariant of ours: said loudly, and tried again like anything else, because a kiosk has no one to restart it. */
const unexpected = (logger: Logger, error: unknown): Answer<null> => {
  logger.error('round broke off', { error: error instanceof Error ? error.message : 'unknown' });
  return failed({ kind: 'storage', error: { code: 'internal.unexpected', params: {} } });
};

const stateAfter = (problem: Problem | null): Partial<SyncState> => {
  switch (problem?.kind) {
    case undefined:
      return { connection: 'online' };
    case 'storage':
      // The backend answered, but a broken invariant of ours says nothing about it.
      return problem.error.code === 'internal.unexpected' ? {} : { connection: 'online' };
    case 'silent':
    case 'unreachable':
      return { connection: 'offline' };
    case 'unauthorised':
    case 'refused':
      return { connection: 'refused' };
    case 'revoked':
      return { connection: 'refused', revoked: true };
  }
};

const toResult = (end: RoundEnd): Result<null> => {
  if (end === null) return ok(null);
  if (end === 'unregistered') return fail('sync.refused');
  switch (end.kind) {
    case 'silent':
    case 'unreachable':
      return fail('sync.unreachable');
    case 'storage':
      return { ok: false, error: end.error };
    case 'revoked':
      return fail('sync.revoked');
    case 'unauthorised':
    case 'refused':
      return fail('sync.refused');
  }
};

/** Resolves once the caller no longer waits; never without a signal. */
const aborted = (signal: AbortSignal | undefined): Promise<RoundEnd> =>
  new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve(silent), {
      once: true,
    });
  });
