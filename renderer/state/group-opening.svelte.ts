/** Several locks opened at once, as their sheet shows it: whose turn it is, which are at work, and what became of each. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { StreamSnapshot } from '#shared/ipc/contract.ts';
import type { Asked } from '#shared/ipc/opening-calls.ts';
import type { GroupRun } from '#shared/ipc/views.ts';
import type { Client } from '../ipc/client.ts';
import type { Held } from './from-stream.svelte.ts';
import type { Turn, Turns } from './turns.ts';

/** What of the kiosk it needs. */
export interface GroupKiosk {
  readonly group: Held<StreamSnapshot<'group'>>;
  readonly client: Client;
  readonly openings: { readonly turns: Pick<Turns, 'take'> };
}

export interface GroupOpening {
  /** Which locks are asked for now; empty until it has begun. */
  readonly asked: readonly string[];
  /** Whether it waits for what the kiosk opens already. */
  readonly queued: boolean;
  /** null until the core has named it. */
  readonly run: GroupRun | null;
  /** Why the whole of it ended without the core's word on each lock. */
  readonly problem: AppError | null;
  readonly over: boolean;
  /** Who has confirmed it beside whoever is signed in; null where nobody was asked. */
  readonly approver: string | null;
  /** Opens them when their turn has come, with what was asked for once for all of them, and who has confirmed it; resolves with whether it came. */
  start(serialNumbers: readonly string[], asked?: Asked, by?: string | null): Promise<boolean>;
  /** Gives up a turn that has not come; else no further lock begins, also where the core has not named the run yet. */
  stop(): void;
  /** Nobody looks any more: a turn that has not come is given up, what goes on has the kiosk's turn until it has ended. */
  dispose(): void;
}

/** Has to be called while a component is being made. */
export const createGroupOpening = (kiosk: GroupKiosk): GroupOpening => {
  let asked = $state.raw<readonly string[]>([]);
  let queued = $state(false);
  let stopWanted = $state(false);
  /** The run that the core showed before this one is not ours. */
  let before = $state<string | null>(null);
  let problem = $state.raw<AppError | null>(null);
  let approver = $state<string | null>(null);
  let turn: Turn | null = null;

  const shown = (): GroupRun | null => kiosk.group.current?.run ?? null;
  const run = $derived.by((): GroupRun | null => {
    const current = shown();
    return asked.length === 0 || queued || current?.runId === before ? null : current;
  });
  const over = $derived(problem !== null || run?.over === true);

  $effect(() => {
    if (!stopWanted || !run) return;
    stopWanted = false;
    void kiosk.client.call('stopGroup', { runId: run.runId });
  });

  return {
    get asked() {
      return asked;
    },
    get queued() {
      return queued;
    },
    get run() {
      return run;
    },
    get problem() {
      return problem;
    },
    get over() {
      return over;
    },
    get approver() {
      return approver;
    },
    start: async (serialNumbers, given, by = null) => {
      approver = by;
      const mine = (turn = kiosk.openings.turns.take());
      queued = true;
      asked = serialNumbers;
      problem = null;
      stopWanted = false;
      const comes = await mine.comes;
      before = shown()?.runId ?? null;
      queued = false;
      if (!comes) return false;
      const answer = await kiosk.client.call('unlockGroup', {
        serialNumbers: [...serialNumbers],
        ...(given && { asked: given }),
      });
      mine.end();
      problem = answer.ok ? null : answer.error;
      return true;
    },
    stop: () => {
      if (queued) turn?.end();
      else stopWanted = true;
    },
    dispose: () => {
      if (queued) turn?.end();
    },
  };
};
