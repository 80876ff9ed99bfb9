/** A round that somebody walks: what they tick on the way stays theirs until they sign it, as one thing. */
import { SvelteSet } from 'svelte/reactivity';
import type { AppError, Result } from '#shared/errors/app-error.ts';
import type { Moment } from '../i18n/moment.ts';
import type { Kiosk } from './kiosk.svelte.ts';
import type { Ticks } from './ticks.ts';

/** What was signed, in words that say when. */
export type SignedWords = (when: Moment) => string;

export interface Walk {
  readonly ticked: SvelteSet<string>;
  readonly busy: boolean;
  readonly problem: AppError | null;
  /** Until something is ticked again. */
  readonly signed: { readonly at: number; readonly words: SignedWords } | null;
  readonly tick: (serialNumber: string, on: boolean) => void;
  sign(): Promise<void>;
}

/** For whoever is signed in; `hand`: hands what is ticked to the core. */
export const createWalk = (
  kiosk: Kiosk,
  ticks: Ticks,
  hand: (ticked: string[]) => Promise<Result<SignedWords>>,
): Walk => {
  const staffId = kiosk.view?.session?.staffId ?? '';
  const ticked = new SvelteSet(ticks.of(staffId, kiosk.clock.now));
  let busy = $state(false);
  let problem = $state.raw<AppError | null>(null);
  let signed = $state.raw<Walk['signed']>(null);
  /** What was signed stays to be seen until something is ticked; it is part of no further round. */
  let done: readonly string[] = [];
  const beginAnew = (): void => {
    for (const serialNumber of done) ticked.delete(serialNumber);
    done = [];
    signed = null;
  };
  return {
    ticked,
    get busy() {
      return busy;
    },
    get problem() {
      return problem;
    },
    get signed() {
      return signed;
    },
    tick: (serialNumber, on) => {
      beginAnew();
      if (on) ticked.add(serialNumber);
      else ticked.delete(serialNumber);
      ticks.set(staffId, ticked, kiosk.clock.now);
    },
    sign: async () => {
      busy = true;
      problem = null;
      const handing = [...ticked];
      const handed = await hand(handing);
      busy = false;
      if (!handed.ok) {
        problem = handed.error;
        return;
      }
      done = handing;
      signed = { at: kiosk.clock.now, words: handed.value };
      const meanwhile = [...ticked].some((serialNumber) => !handing.includes(serialNumber));
      if (meanwhile) beginAnew();
      if (meanwhile) ticks.set(staffId, ticked, kiosk.clock.now);
      else ticks.clear(staffId);
    },
  };
};
