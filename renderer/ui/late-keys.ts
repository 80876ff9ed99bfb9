/** The keys of the keyboard on the screen: no part of the page's first load, because a lock is opened without typing. */
import { createPart } from '../state/later.svelte.ts';

export const lateKeys = createPart(() => import('./ScreenKeys.svelte'));
