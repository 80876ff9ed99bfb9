/** Replication with the backend: decides when a round is due, and says how it stands. */
import { BehaviorSubject, pairwise } from 'rxjs';
import { untilAborted } from '#shared/flow/abort.ts';
import { fail } from '#shared/errors/app-error.ts';
import type { BackendClient } from '../../backend/client.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { Sync, SyncState } from '../port.ts';
import type { Replica } from '../replica.ts';
import { silent, whyOf, type Problem } from './answer.ts';
import { waitAfter } from './backoff.ts';
import { watchClock } from './clock-watch.ts';
import { createExchange } from './exchange.ts';
import { resultOf, stateAfter, unregisteredSync, type RoundEnd } from './round-end.ts';
import { createRounds } from './rounds.ts';
import type { SyncAuth } from './session.ts';
import { askForTimeToken } from './time-token.ts';

export interface SyncOptions {
  readonly data: { readonly replica: Replica };
  readonly backend: BackendClient;
  /** null as long as the kiosk is not registered; asked again at every round. */
  readonly auth: () => SyncAuth | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** A time check is in the state; the round goes on once whoever acts upon it has done so. Must not reject. */
  readonly timeChecked?: () => Promise<void>;
}

/** What a log line says of it. */
const wordsOf = (problem: Problem): { readonly problem: string; readonly why?: string } => {
  const why = whyOf(problem);
  const kind = problem.kind === 'sending' ? `sending: ${problem.problem.kind}` : problem.kind;
  return { problem: kind, ...(why === null ? {} : { why }) };
};

/** After a lost stream: enough to spread the kiosks of a backend that restarted. */
const lostStreamMs = 2_000;

export const createSync = (options: SyncOptions): Sync => {
  const { data, backend, clock, random, logger } = options;
  const { replica } = data;
  const stopping = new AbortController();
  const { signal } = stopping;
  let failures = 0;

  const state = new BehaviorSubject<SyncState>({
    ...unregisteredSync,
    connection: options.auth() ? 'offline' : 'unregistered',
    lastContactAt: replica.lastContactAt,
  });
  const update = (change: Partial<SyncState>): void => {
    if (!signal.aborted) state.next({ ...state.value, ...change });
  };

  const exchange = createExchange({
    replica,
    backend,
    clock,
    random,
    logger,
    signal,
    onProgress: (pulling) => update({ pulling }),
    onContact: (lastContactAt) => update({ lastContactAt }),
    onTimeChecked: (skewMs) => {
      update({ skewMs, timeChecks: state.value.timeChecks + 1 });
      return options.timeChecked?.();
    },
    onStream: (told) => rounds.soon(told === 'resync' ? 0 : random.float() * lostStreamMs),
  });

  const run = async (): Promise<RoundEnd> => {
    const auth = options.auth();
    if (!auth) {
      update({ connection: 'unregistered' });
      return 'unregistered';
    }
    const { revocation } = state.value;
    if (revocation) return { kind: 'revoked', revocation };
    const answer = await exchange.run(auth);
    const problem = answer.ok ? null : answer.problem;
    failures = problem ? failures + 1 : 0;
    update(stateAfter(problem));
    if (problem && !signal.aborted) logger.info('round failed', { ...wordsOf(problem), failures });
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
      const { connection, sendingRefused } = state.value;
      if (now > before && connection === 'online' && !sendingRefused) rounds.soon(0);
    }),
  ];
  let stopWatching = (): void => undefined;

  return {
    state$: state.asObservable(),
    start: () => {
      stopWatching();
      stopWatching = watchClock(clock, (ms) => {
        logger.info('clock moved', { ms });
        exchange.checkTimeNext();
        failures = 0;
        rounds.soon(0);
      });
      rounds.start();
    },
    resync: async (callerSignal) => {
      if (signal.aborted || callerSignal?.aborted) return fail('sync.unreachable');
      return resultOf(await untilAborted(callerSignal, rounds.request(), () => silent));
    },
    timeToken: async (challenge) => {
      const auth = options.auth();
      if (!auth || state.value.connection !== 'online') return null;
      return askForTimeToken(exchange.sessionOf(auth), challenge, signal);
    },
    dispose: async () => {
      stopping.abort(new Error('disposed'));
      stopWatching();
      exchange.dispose();
      for (const subscription of subscriptions) subscription.unsubscribe();
      await rounds.stop();
      state.complete();
    },
  };
};
