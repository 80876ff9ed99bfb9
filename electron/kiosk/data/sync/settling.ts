/**
 * Which events a whole pull speaks of: those that the backend had acknowledged before it began. Of what was acknowledged meanwhile a page
 * may have come too early.
 */
import type { Replica } from '../replica.ts';

/** To be called before the first question; what it answers with, once everything has been pulled. */
export const settling = (
  replica: Pick<Replica, 'acknowledged' | 'timesGoneBack' | 'settle'>,
): (() => void) => {
  const { acknowledged, timesGoneBack } = replica;
  return () => {
    // A backend that has gone back meanwhile may have lost them.
    if (replica.timesGoneBack === timesGoneBack) replica.settle(acknowledged);
  };
};
