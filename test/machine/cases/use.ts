/** A day in a store: without network, with a full disk, asleep, and with a clock that has lost its battery. */
import { insist, type Check } from '../../controllers/radio-checks.ts';
import { signInScreen, type Kiosk } from '../kiosk.ts';

const data = '/var/lib/latchpoint/.config/Latchpoint/data';

/** The kiosk as it is packed, from its start until its core answers. */
export const start = async ({ machine, mark, says }: Kiosk): Promise<void> => {
  await mark();
  await machine.order('systemctl restart latchpoint', { withinMs: 300_000 });
  await says(/"event":"kiosk ready"/);
};

export const use: readonly Check<Kiosk>[] = [
  {
    name: 'what runs has no right but the radio’s, and what it wrote is its own alone',
    run: async (kiosk) => {
      const { machine } = kiosk;
      await start(kiosk);
      const status = '/proc/$(pgrep -f browser-host/main.cjs | head -1)/status';
      const rights = await machine.order(`grep -E '^(Uid|CapEff|CapBnd)' ${status} | tr -s '\\t\\n' ' '`);
      const uid = await machine.order('id -u latchpoint');
      const netRaw = (1n << 13n).toString(16).padStart(16, '0');
      insist(rights.includes(`Uid: ${uid} ${uid} ${uid} ${uid}`), rights);
      insist(rights.includes(`CapEff: ${netRaw}`) && rights.includes(`CapBnd: ${netRaw}`), rights);
      const open = await machine.order(`find ${data} -perm /077 | head`);
      insist(open === '', `open to others: ${open}`);
      const elsewhere = await machine.order(
        'runuser -u latchpoint -- touch /opt/Latchpoint/x /etc/latchpoint/kiosk.json /usr/x 2>&1; true',
      );
      insist((elsewhere.match(/Permission denied/g) ?? []).length === 3, elsewhere);
      return 'CAP_NET_RAW alone; 0700 and 0600';
    },
  },
  {
    name: 'the network is cut: the kiosk goes on, starts without it, and comes back to its backend',
    run: async (kiosk) => {
      const { machine, says, mark } = kiosk;
      await machine.qmp('set_link', { name: 'nic', up: false });
      await start(kiosk);
      await mark();
      await says(/"event":"round failed"/);
      await machine.qmp('set_link', { name: 'nic', up: true });
      await mark();
      await kiosk.until(
        'the stream',
        async () => (await machine.order('ss -Htn state established dst 10.0.2.2 | wc -l')) !== '0',
      );
      return 'a start without network, and the connection back';
    },
  },
  {
    name: 'the disk is full: the kiosk says so to who signs in, does not end, and works again once there is room',
    run: async (kiosk) => {
      const { machine, unit, page, shows } = kiosk;
      await shows(signInScreen);
      await machine.order(
        'fallocate -l $(( $(df --output=avail -B1 / | tail -1) - 1 )) /full || dd if=/dev/zero of=/full bs=1M; true',
        {
          withinMs: 600_000,
        },
      );
      await machine.order('dd if=/dev/zero of=/full2 bs=4k 2> /dev/null; true');
      await page.signIn();
      await shows(/disk is full/);
      await kiosk.picture('disk-full');
      insist((await unit('ActiveState')) === 'active', 'it ended');
      await machine.order('rm -f /full /full2');
      await start(kiosk);
      await shows(signInScreen);
      await page.signIn();
      await kiosk.until('somebody at the counter', async () => !signInScreen.test(await page.says()));
      await kiosk.picture('signed-in');
      return 'it said so, went on, and somebody signed in once there was room';
    },
  },
  {
    name: 'the clock is at 1970: the kiosk starts',
    run: async (kiosk) => {
      const { machine } = kiosk;
      const now = await machine.order('date +%s');
      const began = performance.now();
      await machine.order('timedatectl set-ntp false; date -s @3600');
      await start(kiosk);
      const said = await kiosk.shows(/\S/);
      await kiosk.picture('clock-1970');
      await machine.order(`date -s @${Number(now) + Math.round((performance.now() - began) / 1000)}`);
      return `it starts, and shows "${said.split('\n')[0] ?? ''}"; the clock is put right afterwards`;
    },
  },
];
