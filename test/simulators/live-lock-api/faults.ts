/** How the sandbox misbehaves when it is told to. */
import type { Clock } from '#kiosk/platform/clock.ts';
import { delay } from '../delay.ts';
import { ApiError } from './api-format.ts';

export const faultModes = ['normal', 'slow', 'down', 'lose_answer'] as const;
export type FaultMode = (typeof faultModes)[number];

export interface Faults {
  mode: FaultMode;
  /** To be awaited before a request is served: takes its time when slow, throws `unavailable` when down. */
  before(): Promise<void>;
}

/** Longer than a sensible client waits for a connection, shorter than it waits for an answer. */
const slowMs = 6000;

export const createFaults = (clock: Clock): Faults => {
  const faults: Faults = {
    mode: 'normal',
    before: async () => {
      if (faults.mode === 'slow') await delay(clock, slowMs);
      if (faults.mode === 'down') throw new ApiError('unavailable', 'The service is down for maintenance.');
    },
  };
  return faults;
};
