/**
 * What is seen seldom: looked at in every language, but not each time in all colours and sizes as the screens are. `npm run pictures` has
 * the pictures of the screens among it, `npm run pictures -- --matrix` looks at all of it.
 */
import type { Screen } from './screens-common.ts';
import { rareScreens } from './screens-rare.ts';
import { activityStates } from './states-activity.ts';
import { addingStates, newTodayStates } from './states-adding.ts';
import { askingStates } from './states-asking.ts';
import { badgeStates } from './states-badges.ts';
import { kioskStates } from './states-kiosk.ts';
import { lockStates } from './states-locks.ts';
import { openingStates } from './states-openings.ts';
import { scanStates } from './states-scans.ts';
import { updateStates } from './states-updates.ts';

export { rareScreens } from './screens-rare.ts';

export const states: readonly Screen[] = [
  ...rareScreens,
  ...kioskStates,
  ...lockStates,
  ...openingStates,
  ...askingStates,
  ...scanStates,
  ...addingStates,
  newTodayStates,
  ...badgeStates,
  ...activityStates,
  ...updateStates,
];
