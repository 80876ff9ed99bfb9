/**
 * After a group has been opened, finds out of each of its locks whether it is locked again, from the lock itself, as for one
 * that was opened alone. Fifty locks are a lot to ask, so what they advertise says when: a lock that shows its bolt as open is
 * left alone for a while, and one that shows it as closed is asked once. One at a time; anyone else goes before it.
 */
import { fromEvent, takeUntil } from 'rxjs';
import type { Clock } from '../platform/clock.ts';
import { askAgainMs, graceMs, mostAsks } from './bolt-follower.ts';
import type { BoltAnswer, BoltQuestion } from './bolt-question.ts';
import type { Nearby } from '../visit/nearby.ts';

/** What a lock advertises is not authenticated: after this long it is asked although it shows its bolt as open. */
const trustAdvertMs = 8_000;
/** Time for others between one lock and the next. */
const betweenMs = 100;
/** What could not be asked for so long after its time, because somebody else was at work, is not known any more. */
const giveUpMs = 120_000;

export interface OpenedLock {
  readonly serialNumber: string;
  /** The clock's time until when it holds its bolt open. */
  readonly until: number;
}

/** `null`: it is not known any more. */
export type ToldBolt = (serialNumber: string, bolt: 'open' | 'locked' | null) => void;

export interface GroupBolts {
  /** `told` is called once for each lock. Following other locks ends this. */
  follow(locks: readonly OpenedLock[], told: ToldBolt): void;
  stop(): void;
}

export interface GroupBoltsOptions {
  readonly ask: BoltQuestion;
  readonly nearby: Pick<Nearby, 'get' | 'nearby$'>;
  readonly clock: Clock;
}

interface Entry {
  readonly serialNumber: string;
  /** On the clock's monotonic time, as all of these. */
  readonly dueAt: number;
  askAt: number;
  asksLeft: number;
}

export const createGroupBolts = ({ ask, nearby, clock }: GroupBoltsOptions): GroupBolts => {
  let stop = (): void => undefined;

  const askAtOf = ({ serialNumber, dueAt, askAt }: Entry): number =>
    nearby.get(serialNumber)?.boltOpen === true ? Math.max(askAt, dueAt + trustAdvertMs) : askAt;

  const begin = (entries: Set<Entry>, told: ToldBolt): (() => void) => {
    const stopper = new AbortController();
    const { signal } = stopper;
    let isAsking = false;
    let freeAt = 0;
    let cancelWake = (): void => undefined;

    const take = (entry: Entry, answer: BoltAnswer): void => {
      const now = clock.monotonic();
      entry.askAt = now + askAgainMs;
      if (answer !== 'not_now') entry.asksLeft -= 1;
      const isOver = answer === 'locked' || entry.asksLeft === 0 || now > entry.dueAt + giveUpMs;
      if (!isOver) return;
      entries.delete(entry);
      told(entry.serialNumber, answer === 'locked' || answer === 'open' ? answer : null);
    };

    const next = (): void => {
      cancelWake();
      if (isAsking || signal.aborted) return;
      const [first] = [...entries].sort((one, other) => askAtOf(one) - askAtOf(other));
      if (first === undefined) {
        end();
        return;
      }
      const waitMs = Math.max(askAtOf(first), freeAt) - clock.monotonic();
      if (waitMs > 0) {
        cancelWake = clock.after(waitMs, next);
        return;
      }
      isAsking = true;
      void ask(first.serialNumber, signal).then((answer) => {
        if (signal.aborted) return;
        isAsking = false;
        take(first, answer);
        // What kept this one from being asked keeps all of them.
        freeAt = clock.monotonic() + (answer === 'not_now' ? askAgainMs : betweenMs);
        next();
      });
    };

    const end = (): void => {
      stopper.abort();
      cancelWake();
    };
    next();
    // A lock that has just shown its bolt as closed need not wait any longer.
    nearby.nearby$.pipe(takeUntil(fromEvent(signal, 'abort'))).subscribe(next);
    return end;
  };

  return {
    follow: (locks, told) => {
      stop();
      const now = clock.monotonic();
      const entries = locks.map(({ serialNumber, until }): Entry => {
        const dueAt = now + Math.max(0, until - clock.now()) + graceMs;
        return { serialNumber, dueAt, askAt: dueAt, asksLeft: mostAsks };
      });
      if (entries.length > 0) stop = begin(new Set(entries), told);
    },
    stop: () => stop(),
  };
};
