/**
 * What message 1 may cost a lock's battery. Anyone can send one, and the lock can't know from it who it is: it has to agree on
 * a key and to sign before a kiosk can prove itself. So nobody is refused; who comes too often waits. Each key agreement takes
 * one of a store of them, which fills up with time, and a kiosk that then proves itself gives its own back: what strangers cost
 * is bounded, what the owner does costs nothing of it, and he waits four seconds at the most.
 */
import type { Clock } from '#kiosk/platform/clock.ts';

/** Agreements that may follow each other at once. */
const most = 32;
/** Then one in so many milliseconds: 900 an hour. */
const anotherEveryMs = 4_000;
/** Of one link. A kiosk begins one session on it, or another one where it gave up the first. */
export const mostAgreementsPerLink = 4;

export interface AgreementLimiter {
  /** Milliseconds until there is one; 0 for now. */
  waitMs(): number;
  take(): void;
  /** Whoever took it has proved to be entitled. */
  giveBack(): void;
}

export const createAgreementLimiter = (clock: Clock): AgreementLimiter => {
  let left = most;
  let since = clock.monotonic();
  const fill = (): void => {
    const due = Math.floor((clock.monotonic() - since) / anotherEveryMs);
    left = Math.min(most, left + due);
    since = left === most ? clock.monotonic() : since + due * anotherEveryMs;
  };
  return {
    waitMs: () => {
      fill();
      return left > 0 ? 0 : since + anotherEveryMs - clock.monotonic();
    },
    take: () => {
      fill();
      left -= 1;
    },
    giveBack: () => {
      left = Math.min(most, left + 1);
    },
  };
};
