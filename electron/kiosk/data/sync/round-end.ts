/** How a round of replication ended, and what that means to whoever looks at the state or waits for the result. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { SyncState } from '../port.ts';
import { whyOf, type Problem } from './answer.ts';

/** null when all is through, 'unregistered' where there is no one to speak as. */
export type RoundEnd = Problem | 'unregistered' | null;

/** Before the first round. */
export const unregisteredSync: SyncState = {
  connection: 'unregistered',
  waiting: 0,
  lastContactAt: null,
  pulling: null,
  invalidRows: 0,
  noAnswer: null,
  sendingRefused: false,
  skewMs: null,
  timeChecks: 0,
  revocation: null,
};

export const stateAfter = (problem: Problem | null): Partial<SyncState> => ({
  noAnswer: problem && whyOf(problem),
  sendingRefused: problem?.kind === 'sending',
  ...connectionAfter(problem),
});

const connectionAfter = (problem: Problem | null): Partial<SyncState> => {
  switch (problem?.kind) {
    case undefined:
    case 'later':
    case 'sending':
      return { connection: 'online' };
    case 'storage':
      // The backend answered, but a broken invariant of ours says nothing about it.
      return problem.error.code === 'internal.unexpected' ? {} : { connection: 'online' };
    case 'silent':
    case 'too_large':
    case 'unreachable':
      return { connection: 'offline' };
    case 'unauthorised':
    case 'refused':
    case 'said_revoked':
      return { connection: 'refused' };
    case 'revoked':
      return { connection: 'refused', revocation: problem.revocation };
  }
};

export const resultOf = (end: RoundEnd): Result<null> => {
  if (end === null) return ok(null);
  if (end === 'unregistered') return fail('sync.refused');
  switch (end.kind) {
    case 'silent':
    case 'sending':
    case 'too_large':
    case 'unreachable':
    case 'later':
      return fail('sync.unreachable');
    case 'storage':
      return { ok: false, error: end.error };
    case 'revoked':
      return fail('sync.revoked');
    case 'unauthorised':
    case 'refused':
    case 'said_revoked':
      return fail('sync.refused');
  }
};
