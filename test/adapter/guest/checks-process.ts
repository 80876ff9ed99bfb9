/** The kiosk's side, as the user of its service. Tells each check as it ends, with the time that the system has been up. */
import { uptime } from 'node:os';
import { outcomeOf, until, type Check } from '../../controllers/radio-checks.ts';
import { checks } from './checks.ts';
import { openScene, type Scene } from './scene.ts';

const withoutRights: Check<Scene> = {
  name: 'without CAP_NET_RAW the radio says that the permission is missing',
  run: async (scene) => {
    await until(scene, (state) => state === 'no_permission');
    return 'no_permission';
  },
};

const scene = await openScene();
let failed = 0;
for (const check of process.argv[2] === 'without rights' ? [withoutRights] : checks) {
  const began = uptime();
  const { held, line } = await outcomeOf(check, scene);
  if (!held) failed += 1;
  process.stdout.write(`${line} [${(uptime() - began).toFixed(1)} s]\n`);
}
await scene.driver.dispose();
await scene.radio.dispose();
process.exit(failed === 0 ? 0 : 1);
