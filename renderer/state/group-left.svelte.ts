/** What became of a group whose sheet nobody closed: whoever had begun it was signed out, and reads it at the sign-in. */
import type { GroupView } from '#shared/ipc/views.ts';
import type { Held } from './from-stream.svelte.ts';

export interface GroupEnds {
  readonly opened: number;
  /** Of these nobody knows. */
  readonly unknown: number;
  readonly leftLocked: number;
}

export interface GroupLeft {
  /** A run of so many locks is asked for. */
  begin(count: number): void;
  /** The core has named the run. */
  named(runId: string): void;
  /** Whoever had begun it has read its end, or somebody else is here. */
  close(): void;
  /** null where there is none, and until it is over. */
  readonly ends: GroupEnds | null;
}

export const createGroupLeft = (group: Held<GroupView>): GroupLeft => {
  let begun = $state.raw<{ readonly count: number; readonly runId: string | null } | null>(null);
  const ends = $derived.by((): GroupEnds | null => {
    if (!begun) return null;
    const { count, runId } = begun;
    const shown = group.current?.run;
    const run = runId !== null && shown?.runId === runId ? shown : null;
    if (run && !run.over) return null;
    const countOf = (kind: 'open' | 'unknown'): number =>
      run?.locks.filter(({ end }) => end?.kind === kind).length ?? 0;
    const opened = countOf('open');
    const unknown = countOf('unknown');
    return { opened, unknown, leftLocked: count - opened - unknown };
  });
  return {
    begin: (count) => {
      begun = { count, runId: null };
    },
    named: (runId) => {
      if (begun && begun.runId !== runId) begun = { ...begun, runId };
    },
    close: () => {
      begun = null;
    },
    get ends() {
      return ends;
    },
  };
};
