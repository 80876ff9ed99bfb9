/** What is inside a sheet or a screen, and no part of the page's first load: a tap that opens a lock leads to none of them. */
import { createPart } from '../state/later.svelte.ts';

export const lateParts = {
  groupSheet: createPart(() => import('./GroupSheet.svelte')),
  asking: createPart(() => import('./Asking.svelte')),
  askDelay: createPart(() => import('./AskDelay.svelte')),
  refused: createPart(() => import('./Refused.svelte')),
  lockDetails: createPart(() => import('./LockDetails.svelte')),
  lockNaming: createPart(() => import('./LockNaming.svelte')),
  replaceLock: createPart(() => import('./ReplaceLock.svelte')),
  liftPause: createPart(() => import('./LiftPause.svelte')),
};
