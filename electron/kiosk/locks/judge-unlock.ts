/** From a driver's answer to what a person may be told. Never says "open" or "not open" where only the lock knows. */
import type { AppError, Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { UnlockEnd } from '#shared/ipc/views.ts';
import type { UnlockStage } from '#shared/models/access-event.ts';
import type { Unlocked } from '../link/lock-driver.ts';

/** After the command has left, these are the lock's own authenticated word that its bolt did not move. */
const authenticatedRefusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'lock.refused',
  'lock.chain_refused',
  'lock.not_provisioned',
]);

export const judgeUnlock = (answer: Result<Unlocked>, committed: boolean, now: number): UnlockEnd => {
  if (answer.ok) return { kind: 'open', until: now + answer.value.holdOpenSeconds * 1000 };
  const { code } = answer.error;
  if (code === 'lock.outcome_unknown') return { kind: 'unknown' };
  if (committed && !authenticatedRefusals.has(code)) return { kind: 'unknown' };
  return { kind: 'not_open', error: answer.error };
};

/** What it is called when time runs out in a stage and the command has not left. */
export const timeoutIn = (stage: UnlockStage, serialNumber: string): AppError => {
  const code = { find: 'lock.not_near', connect: 'lock.connect_timeout' } as const;
  return {
    code: stage === 'find' || stage === 'connect' ? code[stage] : 'lock.answer_timeout',
    params: { serialNumber },
  };
};
