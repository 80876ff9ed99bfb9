/** The kiosk's side, as the user of its service. Tells each check as it ends, with the time that the system has been up. */
import { uptime } from 'node:os';
import { checks, type Check } from './checks.ts';
import { openScene } from './scene.ts';

const withoutRights: Check = {
  name: 'without CAP_NET_RAW the radio says that the permission is missing',
  run: async (scene) => {
    await scene.until('no_permission');
    return 'no_permission';
  },
};

const scene = await openScene();
let failed = 0;
for (const check of process.argv[2] === 'without rights' ? [withoutRights] : checks) {
  const began = uptime();
  let line: string;
  try {
    line = `ok     ${check.name}: ${await check.run(scene)}`;
  } catch (error) {
    failed += 1;
    line = `FAILED ${check.name}: ${error instanceof Error ? error.message : String(error)}`;
  }
  process.stdout.write(`${line} [${(uptime() - began).toFixed(1)} s]\n`);
}
await scene.driver.dispose();
await scene.radio.dispose();
process.exit(failed === 0 ? 0 : 1);
