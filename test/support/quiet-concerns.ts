/** For tests of other things: concerns about locks that nobody keeps. */
import type { LockConcerns } from '#kiosk/locks/concerns.ts';

const nothing = (): Promise<void> => Promise.resolve();

export const quietConcerns: Pick<LockConcerns, 'ended' | 'told'> = { ended: nothing, told: nothing };
