/** From one version to the next, and what stays when the package goes. */
import { insist, type Check } from '../../controllers/radio-checks.ts';
import type { Kiosk } from '../kiosk.ts';
import { mountPackages, versions } from '../packages.ts';

const home = '/var/lib/latchpoint';
const deb = (version: string): string => `/mnt/latchpoint_${version}_amd64.deb`;
const installed = ({ machine }: Kiosk): Promise<string> =>
  machine.order("dpkg-query -W -f '${Version} ${Status}' latchpoint", { mayFail: true });
const isGone = async ({ machine }: Kiosk, path: string): Promise<boolean> =>
  (await machine.order(`test -e ${path}; echo $?`)) === '1';

export const leaving: readonly Check<Kiosk>[] = [
  {
    name: 'an upgrade goes on with the new version and the old data',
    run: async (kiosk) => {
      const { machine, unit, mark, says } = kiosk;
      await machine.order(mountPackages);
      await machine.order('systemctl reset-failed latchpoint; systemctl start latchpoint');
      const before = await unit('MainPID');
      await mark();
      await machine.order(`apt-get install -y -q ${deb(versions.next)}`, { withinMs: 300_000 });
      insist((await installed(kiosk)).startsWith(versions.next), await installed(kiosk));
      insist((await unit('MainPID')) !== before, 'the old one runs on');
      await says(/"event":"kiosk ready"/);
      insist(!/kiosk registered/.test(await kiosk.journal()), 'it has registered itself anew');
      return `${versions.installed} to ${versions.next}, registered as before`;
    },
  },
  {
    name: 'an older version is refused, and what is installed stays as it is',
    run: async (kiosk) => {
      const { machine, unit } = kiosk;
      const said = await machine.order(`dpkg -i ${deb(versions.installed)}`, { mayFail: true });
      insist(said.includes(`version ${versions.next} is installed`), said);
      insist((await installed(kiosk)) === `${versions.next} install ok installed`, await installed(kiosk));
      insist((await unit('ActiveState')) === 'active', 'the kiosk has ended');
      return 'refused, and the kiosk runs';
    },
  },
  {
    name: 'removed it leaves settings and data, purged the data alone, and it installs again',
    run: async (kiosk) => {
      const { machine } = kiosk;
      await machine.order(mountPackages);
      await machine.order('apt-get remove -y -q latchpoint', { withinMs: 300_000 });
      insist(await isGone(kiosk, '/opt/Latchpoint/latchpoint'), 'the program is there');
      insist((await machine.order('pgrep -c cage', { mayFail: true })) === '0', 'it still runs');
      insist(!(await isGone(kiosk, '/etc/latchpoint/kiosk.json')), 'the settings are gone');
      const said = await machine.order('apt-get purge -y -q latchpoint', { withinMs: 300_000 });
      insist(said.includes('data stays in /var/lib/latchpoint'), said);
      insist(await isGone(kiosk, '/etc/latchpoint/kiosk.json'), 'the settings are there');
      insist(!(await isGone(kiosk, `${home}/.config/Latchpoint/data`)), 'the data is gone');
      await machine.order('id latchpoint');
      await machine.order(`rm -rf ${home} && apt-get install -y -q ${deb(versions.next)}`);
      const owner = await machine.order(`stat -c "%U:%G %a" ${home}`);
      insist(owner === 'latchpoint:latchpoint 700', `the home is ${owner}`);
      return 'as the guide says; the home is made anew';
    },
  },
];
