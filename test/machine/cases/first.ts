/** From the package to the sign-in screen. */
import type { Check } from '../../controllers/radio-checks.ts';
import { insist } from '../../controllers/radio-checks.ts';
import { signInScreen, type Kiosk } from '../kiosk.ts';
import { mountPackages, versions } from '../packages.ts';

const deb = (version: string): string => `/mnt/latchpoint_${version}_amd64.deb`;
/** Its graphics card draws no third dimension, and Mesa's replacement for one falls over there. */
const dropIns = '/etc/systemd/system/latchpoint.service.d';
const pixman = '[Service]\\nEnvironment=WLR_RENDERER=pixman\\n';
const bytesOfNothing = 20_000;
/** What protects the keys until they are sealed for the machine. */
export const passphrase = '/etc/latchpoint/passphrase';

export const first: readonly Check<Kiosk>[] = [
  {
    name: 'the package installs with what it asks for and nothing else',
    run: async ({ machine, unit }) => {
      await machine.order(mountPackages);
      await machine.order(`mkdir -p ${dropIns} && printf '${pixman}' > ${dropIns}/graphics.conf`);
      await machine.order(`apt-get install -y -q --no-install-recommends ${deb(versions.installed)}`);
      const home = await machine.order('stat -c "%U:%G %a" /var/lib/latchpoint');
      insist(home === 'latchpoint:latchpoint 700', `the home is ${home}`);
      insist((await unit('ActiveState')) === 'inactive', 'the kiosk runs before it is configured');
      return `account and home are there (${home})`;
    },
  },
  {
    name: 'enabled without a configuration it stops with 78 and is left alone',
    run: async ({ machine, unit, until }) => {
      await machine.order('systemctl enable --now latchpoint');
      await until('its end', async () => (await unit('ActiveState')) === 'failed');
      const code = await unit('ExecMainStatus');
      insist(code === '78', `it ended with ${code}`);
      insist((await unit('NRestarts')) === '0', 'it was started again');
      return 'code 78, not started again';
    },
  },
  {
    name: 'it registers itself and shows the screen on which people sign in',
    run: async ({ machine, store, says, mark, picture, shows, unit }) => {
      // Its data lies where the desktop host puts it.
      const config = {
        ...(JSON.parse(await store.kioskConfig()) as object),
        passphraseFile: passphrase,
        dataDir: undefined,
      };
      const file = Buffer.from(JSON.stringify(config)).toString('base64');
      await machine.order(`head -c 24 /dev/urandom | base64 > ${passphrase}`);
      await machine.order(`chown latchpoint: ${passphrase} && chmod 600 ${passphrase}`);
      await machine.order(`echo ${file} | base64 -d > /etc/latchpoint/kiosk.json`);
      await machine.order(
        'chown root:latchpoint /etc/latchpoint/kiosk.json && chmod 640 /etc/latchpoint/kiosk.json',
      );
      await mark();
      await machine.order('systemctl reset-failed latchpoint; systemctl start latchpoint');
      const ready = await says(/"event":"kiosk ready".*?"sinceStartMs":\d+/);
      await says(/kiosk registered/);
      await shows(signInScreen);
      const now = Number((await machine.order('cat /proc/uptime')).split(' ')[0]);
      const shown = now - Number(await unit('ExecMainStartTimestampMonotonic')) / 1e6;
      // As long as nothing is drawn the picture is of one colour, and small.
      insist((await picture('sign-in')) > bytesOfNothing, 'nothing is drawn');
      const core = /\d+$/.exec(ready)?.[0] ?? '?';
      return `registered; from the unit's start ${core} ms to the core, ${Math.round(shown)} s to the screen`;
    },
  },
];
