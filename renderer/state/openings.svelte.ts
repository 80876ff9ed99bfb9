/**
 * What people are opening now. An opening is shown by its lock's tile while it goes well; one that did not open, or of which
 * nobody knows, wants a person, who is shown its sheet. It outlives the Counter, not whoever began it.
 */
import { SvelteMap } from 'svelte/reactivity';
import type { LockTile, LocksView } from '#shared/ipc/views.ts';
import { after } from './after.ts';
import type { Held } from './from-stream.svelte.ts';
import { createSlips } from './slips.ts';
import { createTurns, type Turns } from './turns.ts';
import { createUnlock, wantsPerson, type Unlock, type UnlockKiosk } from './unlock.svelte.ts';

/** How long "locked again" stays, in the tile as in the sheet, in ms. */
export const lockedStayMs = 2_500;

export interface Openings {
  /** What the lock's tile shows; null where nothing goes on. */
  of(serialNumber: string): Unlock | null;
  /** What the lock's sheet shows: what goes on, or one that has not begun. */
  at(serialNumber: string): Unlock;
  /** Begins to open it: at once, or when those before it have ended. */
  open(lock: LockTile): void;
  /** Whether it was begun, or stopped, in its tile only a moment ago: another tap is a slip of the hand. */
  isFresh(serialNumber: string): boolean;
  /** The lock whose opening wants a person, as it was when it was tapped; null while none does. */
  readonly wanting: LockTile | null;
  /** The one that was tapped last, while its tile shows it. */
  readonly latest: { readonly lock: LockTile; readonly unlock: Unlock } | null;
  /** Whether one of them is at work, or waits for its turn: the kiosk opens one lock at a time. */
  readonly atWork: boolean;
  /** The lock whose sheet is shown: what became of it is not put away meanwhile. */
  looking: string | null;
  /** The locks of which their tiles have something to show, whatever is looked for. */
  readonly shown: readonly string[];
  /** Of how many it has turned out since they were forgotten that they were not opened, because whoever had tapped them was gone. */
  readonly leftBehind: number;
  /** Whose turn it is, for whatever else opens locks. */
  readonly turns: Pick<Turns, 'take'>;
  /** Stops what is at work; whether something was. */
  stop(): boolean;
  /** Forgets all of them: someone else is here. What is at work goes on at the kiosk, and its lock's tile tells of it. */
  clear(): void;
  dispose(): void;
}

interface Opening {
  readonly unlock: Unlock;
  /** Whose tile was tapped; null where it began in the lock's sheet. */
  tapped: LockTile | null;
  end(): void;
}

export interface OpeningsKiosk extends UnlockKiosk {
  readonly locks: Held<LocksView>;
}

export const createOpenings = (kiosk: OpeningsKiosk): Openings => {
  const openings = new SvelteMap<string, Opening>();
  const turns = createTurns();
  const slips = createSlips(() => performance.now());
  let looking = $state<string | null>(null);
  let leftBehind = $state(0);
  /** Counts how often all were forgotten. */
  let age = 0;
  let lastTapped = $state('');

  const forget = (serialNumber: string): void => {
    openings.get(serialNumber)?.end();
    openings.delete(serialNumber);
  };
  const wanting = $derived.by(() => {
    for (const opening of openings.values())
      if (opening.tapped && wantsPerson(opening.unlock.phase)) return opening.tapped;
    return null;
  });

  const workingNow = (): readonly Unlock[] =>
    [...openings.values()].flatMap(({ unlock }) => (unlock.phase?.kind === 'working' ? [unlock] : []));
  const atWork = $derived(workingNow().length > 0);

  // As a text, which stays the same while only phases tick.
  const shownAsText = $derived(
    [...openings].flatMap(([serialNumber, { unlock }]) => (unlock.phase ? [serialNumber] : [])).join(' '),
  );
  const shown = $derived(shownAsText === '' ? [] : shownAsText.split(' '));

  const latest = $derived.by(() => {
    const opening = openings.get(lastTapped);
    return opening?.tapped ? { lock: opening.tapped, unlock: opening.unlock } : null;
  });

  const make = (serialNumber: string): Opening => {
    let unlock: Unlock | undefined;
    const madeAt = age;
    const end = $effect.root(() => {
      const made = createUnlock(kiosk, serialNumber, turns, () => {
        if (age === madeAt + 1) leftBehind += 1;
      });
      unlock = made;
      // The phase is a new object at every tick; only a change of these may start the timer again.
      const locked = $derived(made.phase?.kind === 'locked');
      const stopped = $derived(made.phase?.kind === 'not_open' && !wantsPerson(made.phase));
      const put = $derived(looking !== serialNumber && (stopped || locked));
      // Long after its seconds nobody listens for its bolt any more, where another lock was opened since: then its tile is
      // left to what the lock says of itself.
      const silent = $derived(
        looking !== serialNumber &&
          made.phase?.kind === 'waiting' &&
          made.attempt === null &&
          kiosk.locks.current?.locks.find((lock) => lock.serialNumber === serialNumber)?.boltOpen === false,
      );
      $effect(() => {
        if (silent) forget(serialNumber);
        if (!put) return;
        // Its Stop goes, and the tile that opens the lock comes under the finger.
        if (stopped) slips.changed(serialNumber);
        return after(stopped ? 0 : lockedStayMs, () => forget(serialNumber));
      });
    });
    if (!unlock) throw new Error('an effect root runs at once');
    const made = unlock;
    let tapped = $state.raw<Opening['tapped']>(null);
    const opening: Opening = {
      unlock: made,
      get tapped() {
        return tapped;
      },
      set tapped(to) {
        tapped = to;
      },
      end: () => {
        made.dispose();
        end();
      },
    };
    openings.set(serialNumber, opening);
    return opening;
  };
  const clear = (): void => {
    looking = null;
    leftBehind = 0;
    age += 1;
    slips.clear();
    for (const serialNumber of [...openings.keys()]) forget(serialNumber);
  };
  const ensure = (serialNumber: string): Opening => openings.get(serialNumber) ?? make(serialNumber);

  return {
    of: (serialNumber) => openings.get(serialNumber)?.unlock ?? null,
    at: (serialNumber) => ensure(serialNumber).unlock,
    open: (lock) => {
      const opening = ensure(lock.serialNumber);
      opening.tapped = lock;
      slips.changed(lock.serialNumber);
      lastTapped = lock.serialNumber;
      void opening.unlock.start();
    },
    isFresh: (serialNumber) => slips.isSlip(serialNumber),
    get wanting() {
      return wanting;
    },
    get latest() {
      return latest;
    },
    get atWork() {
      return atWork;
    },
    get looking() {
      return looking;
    },
    set looking(to) {
      const before = looking;
      looking = to;
      const left = before !== null && before !== to ? openings.get(before) : undefined;
      const kind = left?.unlock.phase?.kind;
      if (before !== null) slips.forget(before);
      // Read, or never begun: nothing of it is left to show. What is open, goes on, or is being asked stays on its tile.
      if (before !== null && kind !== 'open' && kind !== 'working' && kind !== 'settling') forget(before);
    },
    get shown() {
      return shown;
    },
    get leftBehind() {
      return leftBehind;
    },
    turns,
    stop: () => {
      const working = workingNow();
      for (const unlock of working) unlock.stop();
      return working.length > 0;
    },
    clear,
    dispose: clear,
  };
};
