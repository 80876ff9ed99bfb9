import { inTime } from '#shared/flow/in-time.ts';
import type { Clock } from './clock.ts';
import type { Logger } from './logger.ts';

export interface StopStep {
  readonly name: string;
  stop(): Promise<void>;
}

/**
 * Runs the steps in order, each for at most `eachMs`: a part that hangs or fails is logged and left behind, so that
 * stopping always ends. Never rejects.
 */
export const stopWithin = async (
  steps: readonly StopStep[],
  eachMs: number,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Promise<void> => {
  for (const step of steps) {
    const stopped = step.stop().then(
      () => 'stopped' as const,
      () => 'failed' as const,
    );
    const outcome = await inTime({ timer: clock, ms: eachMs }, stopped, () => 'too late' as const);
    if (outcome !== 'stopped') logger.warn('stopping left a part behind', { part: step.name, outcome });
  }
};
