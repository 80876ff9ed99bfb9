/** What the link promises whatever the air does, and how a run is held against it. */
import type { Result } from '#shared/errors/app-error.ts';
import { lockStateSchema, type LockMemory } from '#simulators/lock/lock-state.ts';
import type { Exchange } from './exchanges.ts';

/** Milliseconds that every exchange is given. */
export const deadlineMs = 10_000;

/** Codes that a person can be told and that the faults of the air may lead to. */
const named =
  /^(ok|lock\.(link_lost|not_near|connect_timeout|answer_timeout|protocol|not_genuine|outcome_unknown)|radio\.(no_dongle|restarting))$/;

export const codeOf = (result: Result<unknown> | undefined): string =>
  result === undefined ? 'no answer' : result.ok ? 'ok' : result.error.code;

export interface Answer {
  readonly code: string;
  /** Milliseconds; null where none came. */
  readonly after: number | null;
  readonly committed: boolean;
}

export interface LockFacts {
  /** Times that it has unlocked, by its own ring. */
  readonly unlocks: number;
  readonly provisioned: boolean;
}

export const judge = (
  { changes, unproven }: Exchange,
  answer: Answer,
  before: LockFacts,
  after: LockFacts,
): string[] => {
  const broken: string[] = [];
  const { code, committed } = answer;
  if (answer.after === null || answer.after > deadlineMs) broken.push('hang: no answer by the deadline');
  else if (!named.test(code) && !(unproven && code === 'lock.busy')) broken.push(`no name for it: ${code}`);
  const opened = after.unlocks - before.unlocks;
  const bound = after.provisioned && !before.provisioned;
  const released = before.provisioned && !after.provisioned;
  const changed = opened > 0 || bound || released;
  if (changes !== null && code === 'ok' && !changed) broken.push(`false: "${code}", and nothing happened`);
  if (changed && code !== 'ok' && code !== 'lock.outcome_unknown')
    broken.push(`false: "${code}", and it happened`);
  if (changes === null && changed) broken.push('the lock changed, though it was not told to');
  if (opened > 1) broken.push(`opened ${opened} times`);
  if (code === 'lock.outcome_unknown' && !committed) broken.push('unknown, though nothing was committed');
  if (changes === null && committed) broken.push('committed, though there is nothing to commit to');
  return broken;
};

export const factsOf = (memory: LockMemory): LockFacts => {
  const { events, customerKey } = lockStateSchema.parse(memory.read());
  const unlocks = events.filter(({ kind }) => kind === 'unlocked').length;
  return { unlocks, provisioned: customerKey !== null };
};

/** How a run went. */
export interface Verdict {
  /** `ok`, or the error's code. */
  readonly outcome: string;
  /** In words; empty where every promise was kept. */
  readonly broken: readonly string[];
}
