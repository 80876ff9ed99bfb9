/** What has to hold on a kiosk's computer, in the order in which one is set up, used and given away. */
import type { Check } from '../controllers/radio-checks.ts';
import { endings } from './cases/endings.ts';
import { first } from './cases/first.ts';
import { keys } from './cases/keys.ts';
import { leaving } from './cases/leaving.ts';
import { sleep } from './cases/sleep.ts';
import { use } from './cases/use.ts';
import type { Kiosk } from './kiosk.ts';

export const cases: readonly Check<Kiosk>[] = [
  ...first,
  ...use,
  ...sleep,
  ...keys,
  ...leaving.slice(0, 2),
  ...endings,
  ...leaving.slice(2),
];
