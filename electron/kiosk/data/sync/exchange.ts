/** One round with the backend: the time is checked when that is due, everything is pulled and pushed, the contact noted. */
import { createQueue } from '#shared/flow/queue.ts';
import { AppFailure } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { BackendClient } from '../../backend/client.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { SyncState } from '../port.ts';
import type { Replica } from '../replica.ts';
import { answered, failed, graver, type Answer, type Problem } from './answer.ts';
import { createBatches } from './batch.ts';
import { pullAll } from './pull.ts';
import { pushAll } from './push.ts';
import { askForRevocation } from './revocation-check.ts';
import { createResyncStream, type ResyncStream } from './resync-stream.ts';
import { createSession, type BackendSession, type SyncAuth } from './session.ts';
import { createStandstill, type Standstill } from './standstill.ts';
import { checkTime } from './time-check.ts';

export interface Exchange {
  /** Pulls and pushes everything once; never rejects for what the backend or the storage does. */
  run(auth: SyncAuth): Promise<Answer<null>>;
  sessionOf(auth: SyncAuth): BackendSession;
  /** The next round checks the time. */
  checkTimeNext(): void;
  dispose(): void;
}

export interface ExchangeOptions {
  readonly replica: Replica;
  readonly backend: BackendClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  readonly onProgress: (pulling: SyncState['pulling']) => void;
  readonly onContact: (at: number) => void;
  /** Milliseconds by which the machine's clock is off; the round goes on once that has been acted upon. */
  readonly onTimeChecked: (skewMs: number) => Promise<void> | undefined;
  /** The backend has something new, or the stream that would tell of it is lost. */
  readonly onStream: (told: 'resync' | 'lost') => void;
}

interface Contact {
  readonly kioskId: string;
  readonly session: BackendSession;
  readonly stream: ResyncStream;
  readonly standstill: Standstill;
}

const timeCheckEveryMs = 15 * 60_000;
const pruneEveryMs = 24 * 3600_000;
const exchangesAfterGoingBack = 2;

export const createExchange = (options: ExchangeOptions): Exchange => {
  const { replica, backend, clock, random, logger, signal, onProgress, onStream } = options;
  const enrolmentQueue = createQueue();
  const batches = createBatches();
  let contact: Contact | null = null;
  let timeCheckDueAt = -Infinity;
  let pruneDueAt = -Infinity;
  /** What to add to the time since the boot for the backend's; null before the first check. */
  let truth: number | null = null;

  const contactFor = (auth: SyncAuth): Contact => {
    const { kioskId } = auth;
    if (contact?.kioskId === kioskId) return contact;
    contact?.stream.dispose();
    const session = createSession({ backend, clock, auth });
    const stream = createResyncStream({
      backend,
      clock,
      random,
      session,
      onResync: () => onStream('resync'),
      onLost: () => onStream('lost'),
    });
    contact = { kioskId, session, stream, standstill: createStandstill(replica) };
    return contact;
  };

  const checkTimeIfDue = async ({ backendKey }: SyncAuth): Promise<void> => {
    if (clock.sinceBoot() < timeCheckDueAt) return;
    const skewMs = await checkTime({ backend, backendKey, clock, random, logger }, signal);
    if (skewMs === null) return;
    timeCheckDueAt = clock.sinceBoot() + timeCheckEveryMs;
    truth = clock.now() - skewMs - clock.sinceBoot();
    await options.onTimeChecked(skewMs);
  };

  const noteContact = async (): Promise<Answer<null>> => {
    const now = clock.now();
    options.onContact(now);
    replica.setLastContactAt(now);
    // By the backend's time: the machine's may be off by years, and what is pruned by that is gone.
    const sinceBoot = clock.sinceBoot();
    if (truth !== null && sinceBoot >= pruneDueAt) {
      const pruned = await replica.pruneEvents(sinceBoot + truth);
      if (pruned === 0) pruneDueAt = sinceBoot + pruneEveryMs;
    }
    return answered(null);
  };

  const once = async (auth: SyncAuth): Promise<Answer<null>> => {
    const { session, stream, standstill } = contactFor(auth);
    // First, and without a token: a kiosk whose clock is wrong gets no token, and this is how it finds out.
    await checkTimeIfDue(auth);
    // Side by side, so that neither direction waits for the other's trouble.
    const [pulled, pushed] = await Promise.all([
      storing(pullAll({ session, replica, onProgress, enrolmentQueue, standstill, logger }, signal)),
      storing(pushAll({ session, replica, logger, enrolmentQueue, batches }, signal)),
    ]);
    if (!pulled.ok) return failed(pushed.ok ? pulled.problem : graver(pulled.problem, pushed.problem));
    if (!pushed.ok && !isOnTheWay(pushed.problem)) return pushed;
    // What the backend says has arrived: that is the contact, however it stands with what is sent.
    stream.ensureOpen();
    const noted = await storing(Promise.resolve().then(() => noteContact()));
    return noted.ok && !pushed.ok ? failed({ kind: 'sending', problem: pushed.problem }) : noted;
  };

  /**
   * That the backend has gone back may be found out when half of the round is through. It is made good in the same contact:
   * first everything is taken anew, then what that has shown to be missing over there is pushed.
   */
  const agreed = async (auth: SyncAuth): Promise<Answer<null>> => {
    const before = replica.timesGoneBack;
    let answer = await once(auth);
    for (
      let left = exchangesAfterGoingBack;
      answer.ok && replica.timesGoneBack > before && left > 0;
      left -= 1
    ) {
      answer = await once(auth);
    }
    return answer;
  };

  /** Whoever answers in the backend's place stops the traffic, and nothing else. */
  const genuinelyRevoked = async (auth: SyncAuth): Promise<Answer<null>> => {
    const journal = replica.journalClaim(auth.kioskId);
    const asking = { backend, auth, journal, seen: replica.seen, random, logger };
    const revocation = await askForRevocation(asking, signal);
    // An assertion that was not believed may be that of a kiosk whose clock is wrong.
    if (!revocation) timeCheckDueAt = -Infinity;
    return failed(revocation ? { kind: 'revoked', revocation } : { kind: 'refused' });
  };

  /**
   * Who is refused may have a clock that has gone wrong since the last check, as that of a machine that was suspended: it is
   * checked anew, and where that had not been done in this round, one more exchange shows whether it was that.
   */
  const believed = async (auth: SyncAuth): Promise<Answer<null>> => {
    const isCheckDue = clock.sinceBoot() >= timeCheckDueAt;
    const first = await agreed(auth);
    if (first.ok) return first;
    if (first.problem.kind === 'said_revoked') return genuinelyRevoked(auth);
    if (first.problem.kind !== 'refused') return first;
    timeCheckDueAt = -Infinity;
    const last = isCheckDue ? first : await once(auth);
    // A copy that missed a change of keys is not believed either, and may have been revoked with the kiosk that it is of.
    return !last.ok && last.problem.kind === 'refused' ? genuinelyRevoked(auth) : last;
  };

  return {
    run: (auth) => believed(auth).catch((error: unknown) => unexpected(logger, error)),
    sessionOf: (auth) => contactFor(auth).session,
    checkTimeNext: () => {
      timeCheckDueAt = -Infinity;
    },
    dispose: () => contact?.stream.dispose(),
  };
};

/** What was sent did not get there; that says nothing against this kiosk or its disk. */
const isOnTheWay = ({ kind }: Problem): boolean => ['silent', 'unreachable', 'too_large'].includes(kind);

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
  logger.error('round broke off', describeThrown(error));
  return failed({ kind: 'storage', error: { code: 'internal.unexpected', params: {} } });
};
