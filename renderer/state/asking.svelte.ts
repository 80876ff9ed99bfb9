/** What is asked of people before a lock opens that wants more than a tap: a reason, its number, somebody else's word. */
import type { Asked } from '#shared/ipc/opening-calls.ts';
import { stepOf, type Choice, type Needs, type AskingStep } from './asking-steps.ts';
import type { CoreClock } from './core-clock.svelte.ts';

/** How long a second person is waited for, in ms. */
export const secondPersonMs = 120_000;

export interface Asking {
  readonly needs: Needs;
  /** What is asked now; `whole` when nothing is left to ask. */
  readonly step: AskingStep;
  readonly choice: Choice | null;
  readonly number: string;
  /** The second person, once they were named. */
  approver: string | null;
  /** What is shown now, as a name: with another come other buttons. */
  readonly shown: string;
  /** How much of the time for a second person is left, in ms; 0 once it has lapsed. */
  readonly left: number;
  /** Whoever is signed in has shown their badge, or entered their PIN. */
  prove(): void;
  choose(choice: Choice): void;
  /** Empty where none is required, and none was given. */
  give(number: string): void;
  /** Asks for the reason once more. */
  chooseAgain(): void;
  /** A second person is waited for anew. */
  waitAgain(): void;
  asked(approval?: Asked['approval']): Asked;
}

export const createAsking = (needs: Needs, clock: CoreClock): Asking => {
  let choice = $state.raw<Choice | null>(null);
  let number = $state<string | null>(null);
  let proved = $state(false);
  let approver = $state<string | null>(null);
  let until = $state(0);
  const step = $derived(stepOf(needs, choice, number, proved));
  const left = $derived(Math.min(secondPersonMs, Math.max(0, until - clock.now)));
  const waitAgain = (): void => {
    until = clock.exact() + secondPersonMs;
  };
  waitAgain();

  return {
    needs,
    get step() {
      return step;
    },
    get choice() {
      return choice;
    },
    get number() {
      return number ?? '';
    },
    get approver() {
      return approver;
    },
    set approver(to) {
      approver = to;
    },
    get shown() {
      if (step !== 'person') return `ask ${step}`;
      return `ask person ${left === 0 ? 'no more' : (approver ?? '')}`;
    },
    get left() {
      return left;
    },
    prove: () => {
      proved = true;
      waitAgain();
    },
    choose: (to) => {
      choice = to;
      waitAgain();
    },
    give: (to) => {
      number = to.trim();
      waitAgain();
    },
    chooseAgain: () => {
      choice = null;
      number = null;
    },
    waitAgain,
    asked: (approval) => ({
      ...(choice && { reason: { code: choice.code, ...(number && { number }) } }),
      ...(approval && { approval }),
    }),
  };
};
