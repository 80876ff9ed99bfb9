import type { Ending } from '#shared/flow/ending.ts';

/** Ends what was begun, and with it this process, when it is asked to or its parent has gone. */
export const endWhenAsked = (ending: Ending): void => {
  const end = (): void => void ending.end().then(() => process.exit(0));
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, end);
};

/** Longer than any of the world's parts takes to end. */
export const endEachWithinMs = 2_000;
