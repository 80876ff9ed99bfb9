/**
 * Whether the database can do this backend's work right now, found out by doing some: a session that takes writes, and a commit
 * that is confirmed in time. `SELECT 1` says yes on a standby, on a full disk and while every commit waits for a standby.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { codeOf } from '#shared/errors/thrown.ts';
import type { Unreadiness } from '#shared/http/contract.ts';
import { inTime } from '#shared/flow/in-time.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { systemTimer } from '../platform/ports.ts';
import type { Database } from './database.ts';
import { diskFullCode, dropClient, readOnlyCode, requireWritable } from './servers.ts';
import { unresolvedCode, withinDeadline } from './session.ts';

export interface Readiness {
  /** Null when ready. Looks anew where the last look is older than a second; answers within `lookDeadlineMs` or so. */
  look(): Promise<Unreadiness | null>;
  /** Why writes are not even tried now; null when they are. */
  readonly shut: Unreadiness | null;
  dispose(): Promise<void>;
}

const lookDeadlineMs = 2_000;
const freshMs = 1_000;
const restMs = 10_000;
/** After each look, however often it is woken. Once more while something is wrong: so long it takes to notice that it is over. */
const retryMs = 1_000;

/**
 * While the server shuts down or starts up, and when all its connections are taken. The last is a pooler's for whatever it refuses, a server
 * that it can't reach and too many clients included (findings/pgbouncer-sqlstate.sh); that pooler answers, at least.
 */
const busyCodes = ['53300', '57P01', '57P02', '57P03', '08P01'];

export const unreadinessOf = (code: string): Unreadiness => {
  if (code === readOnlyCode) return 'database_read_only';
  if (code === unresolvedCode) return 'database_does_not_confirm';
  if (code === diskFullCode) return 'database_full';
  if (busyCodes.includes(code)) return 'database_refuses';
  return /^(28|3D|42)/.test(code) ? 'database_refuses_login' : 'database_unreachable';
};

/** With these, a write is a wait or a failure for sure, and reads go on. The others are found out by trying. */
const shutting: readonly Unreadiness[] = ['database_read_only', 'database_does_not_confirm', 'database_full'];

/** Whether what was thrown with that code says that nothing can be written now. */
export const isUnwritable = (code: string): boolean => shutting.includes(unreadinessOf(code));

/** Transactional, so that it is committed like any other write; it leaves a few bytes in the log and none in a table. */
const confirmedWrite = `SELECT pg_logical_emit_message(true, 'latchpoint', '')`;
/** Needs new pages in a file, which a full disk refuses; rolled back, so that nothing of it stays. */
const spaceTaking = `BEGIN; CREATE TABLE latchpoint_space AS SELECT repeat(md5(n::text), 100) AS filler FROM generate_series(1, 100) n; ROLLBACK`;

/** Its clock (ms, monotonic), and how it rests between looks: until `ms` have passed, or at once where `stop` is aborted. */
export interface LookTiming {
  now(): number;
  rest(ms: number, stop: AbortSignal): Promise<void>;
}

const realTiming: LookTiming = {
  now: () => performance.now(),
  rest: (ms, stop) => sleep(ms, undefined, { signal: stop }).catch(() => undefined),
};

export const createReadiness = (
  database: Pick<Database, 'openPooledClient' | 'onFailure' | 'retire'>,
  logger: Logger,
  timing: LookTiming = realTiming,
): Readiness => {
  const stopping = new AbortController();
  let session: pg.Client | null = null;
  let state: Unreadiness | null = null;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | null = null;
  let wake = (): void => undefined;

  const become = (next: Unreadiness | null): void => {
    if (next === state) return;
    state = next;
    if (next === null) logger.info('database is ready again');
    else logger.error('database is not ready', { reason: next });
  };

  const look = async (): Promise<void> => {
    try {
      session ??= await database.openPooledClient();
      const present = session;
      await requireWritable(present);
      await withinDeadline(present, lookDeadlineMs, () => present.query(confirmedWrite));
      if (state === 'database_full') await present.query(spaceTaking);
      become(null);
    } catch (failure) {
      if (session) dropClient(session);
      session = null;
      const code = codeOf(failure);
      if (code === readOnlyCode) database.retire();
      become(unreadinessOf(code));
    } finally {
      lookedAt = timing.now();
      running = null;
    }
  };

  const lookOnce = (): Promise<void> => (running ??= look());

  database.onFailure((code) => {
    const found = unreadinessOf(code);
    if (!shutting.includes(found)) return;
    become(found);
    wake();
  });

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await lookOnce();
      const woken = new AbortController();
      wake = () => woken.abort();
      const either = AbortSignal.any([stopping.signal, woken.signal]);
      await timing.rest(state === null ? restMs - retryMs : retryMs, either);
      await timing.rest(retryMs, stopping.signal);
    }
  };
  const looking = run();

  return {
    look: async () => {
      if (timing.now() - lookedAt < freshMs) return state;
      // The server may be silent for longer than whoever asks may be kept waiting.
      const looked = lookOnce().then(() => state);
      const limits = { timer: systemTimer, ms: lookDeadlineMs + freshMs };
      return inTime(limits, looked, () => state ?? ('database_unreachable' as const));
    },
    get shut() {
      return state !== null && shutting.includes(state) ? state : null;
    },
    dispose: async () => {
      stopping.abort();
      if (session) dropClient(session);
      await looking;
      if (session) dropClient(session);
    },
  };
};
