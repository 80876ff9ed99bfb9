import { kioskPageTest } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { inRole, opens, whoMay } from './screens-rights.ts';

/** As `kioskPageTest`: a kiosk at which a lead stands; what they ask for opens, and the second and the third of the staff may confirm it. */
export const leadsPageTest = () => {
  const test = kioskPageTest(async (kiosk) => {
    await kiosk.show('kiosk', inRole('lead'));
    await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  });
  test.beforeEach(({ core }) => {
    opens(core);
    whoMay(core, [1], [2, 3]);
  });
  return test;
};
