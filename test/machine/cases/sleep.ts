/** The computer sleeps, as it does where somebody has closed or let it. */
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { insist, type Check } from '../../controllers/radio-checks.ts';
import { signInScreen, type Kiosk } from '../kiosk.ts';
import { start } from './use.ts';

/** Longer than a kiosk may be silent while the computer is awake. */
const sleepsMs = 90_000;
const statusSchema = z.looseObject({ status: z.string() });

export const sleep: readonly Check<Kiosk>[] = [
  {
    name: 'the computer sleeps longer than a kiosk may be silent, and wakes with the same kiosk on the screen',
    run: async (kiosk) => {
      const { machine, unit, until, page, shows } = kiosk;
      await start(kiosk);
      await shows(signInScreen);
      const before = [await unit('MainPID'), await unit('NRestarts')].join();
      const isAsleep = async (): Promise<boolean> =>
        statusSchema.parse(await machine.qmp('query-status')).status === 'suspended';
      await machine.order('setsid sh -c "sleep 2; systemctl suspend" > /dev/null 2>&1 &');
      await until('sleep', isAsleep);
      await wait(sleepsMs);
      await machine.qmp('system_wakeup');
      insist(!(await isAsleep()), 'it does not wake');
      await shows(signInScreen);
      await page.signIn();
      await until('somebody at the counter', async () => !signInScreen.test(await page.says()));
      await kiosk.picture('awake');
      insist([await unit('MainPID'), await unit('NRestarts')].join() === before, 'it was started again');
      return `asleep for ${sleepsMs / 1000} s; somebody signs in afterwards`;
    },
  },
];
