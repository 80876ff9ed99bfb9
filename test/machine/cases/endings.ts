/** How a kiosk ends, and what the system does about it. The program is one that does nothing else than to end. */
import { exitCodes } from '#kiosk/platform/exit-codes.ts';
import { insist, type Check } from '../../controllers/radio-checks.ts';
import { mountPackages } from '../packages.ts';
import { signInScreen, type Kiosk } from '../kiosk.ts';

const program = '/opt/Latchpoint/latchpoint';
/** Nothing below /run may be executed. */
const other = '/usr/local/bin/other-program';

/** Until `putBack`, the unit starts a program that does this. */
const replaceProgram = async ({ machine }: Kiosk, script: string): Promise<void> => {
  const text = Buffer.from(`#!/bin/sh\n${script}\n`).toString('base64');
  await machine.order(
    `systemctl stop latchpoint; umount ${program} 2> /dev/null; echo ${text} | base64 -d > ${other}`,
  );
  await machine.order(`chmod 755 ${other} && mount --bind ${other} ${program}`);
  await machine.order('systemctl reset-failed latchpoint; systemctl start latchpoint');
};

const putBack = ({ machine }: Kiosk): Promise<string> =>
  machine.order(`systemctl stop latchpoint; umount ${program}; systemctl reset-failed latchpoint`, {
    mayFail: true,
  });

const startedAgain = 3;

const endsWith = async (kiosk: Kiosk, code: number): Promise<void> => {
  await replaceProgram(kiosk, `exit ${code}`);
  const restarts = async (): Promise<number> => Number(await kiosk.unit('NRestarts'));
  if (code === exitCodes.crashed || code === exitCodes.pageLost) {
    await kiosk.until(`${startedAgain} starts after ${code}`, async () => (await restarts()) >= startedAgain);
    return;
  }
  const wanted = code === exitCodes.configuration ? 'failed' : 'inactive';
  await kiosk.until(`${wanted} after ${code}`, async () => (await kiosk.unit('ActiveState')) === wanted);
  insist((await kiosk.unit('ExecMainStatus')) === String(code), `it came through as another than ${code}`);
  insist((await restarts()) === 0, `it was started again after ${code}`);
};

export const endings: readonly Check<Kiosk>[] = [
  {
    name: 'a kiosk that crashes is started again, as often as it does; 0, 12 and 78 are left alone',
    run: async (kiosk) => {
      const { crashed, pageLost, stopped, left, configuration } = exitCodes;
      for (const code of [crashed, pageLost, stopped, left, configuration]) await endsWith(kiosk, code);
      await putBack(kiosk);
      return 'each code of the contract';
    },
  },
  {
    name: 'a kiosk that hears nothing any more is ended for a restart, and nothing of it is left',
    run: async (kiosk) => {
      const { machine, unit, until } = kiosk;
      await replaceProgram(kiosk, "trap '' TERM; while :; do sleep 1; done");
      await until(
        'its program',
        async () => (await machine.order(`pgrep -f ${program}`, { mayFail: true })) !== '',
      );
      const before = await unit('MainPID');
      await machine.order('ps -o pid= -u latchpoint > /run/before');
      await machine.order('systemctl restart latchpoint', { withinMs: 300_000 });
      insist((await unit('MainPID')) !== before, 'it is the same');
      const left = await machine.order(
        `for p in $(cat /run/before); do ps -o args= -p $p; done | grep -E 'cage|latchpoint'`,
        { mayFail: true },
      );
      insist(left === '', `left behind: ${left}`);
      await putBack(kiosk);
      return 'ended and started';
    },
  },
  {
    name: 'a kiosk whose main process hangs is noticed, ended and started again',
    run: async (kiosk) => {
      const { machine, unit, says, mark } = kiosk;
      await machine.order('systemctl start latchpoint');
      await mark();
      await says(/"event":"kiosk ready"/);
      const before = await unit('NRestarts');
      await mark();
      await machine.order("kill -STOP $(pgrep -f '[b]rowser-host/main.cjs')");
      const began = performance.now();
      await says(/no sign of life for \d+ looks/);
      await says(/"event":"kiosk ready"/);
      insist(
        Number(await unit('NRestarts')) === Number(before) + 1,
        'it was not started again by the system',
      );
      return `ready again after ${Math.round((performance.now() - began) / 1000)} s`;
    },
  },
  {
    name: 'the computer is restarted for 11, and for nothing else',
    run: async (kiosk) => {
      const { machine, until } = kiosk;
      const boot = (): Promise<string> =>
        machine.order('cat /proc/sys/kernel/random/boot_id', { withinMs: 60_000 }).catch(() => '');
      const before = await boot();
      await replaceProgram(kiosk, `exit ${exitCodes.restartComputer}`);
      await until('another start of the computer', async () => ![before, ''].includes(await boot()));
      await until('the kiosk', async () => (await kiosk.unit('ActiveState')) === 'active');
      await machine.order(mountPackages);
      await kiosk.shows(signInScreen);
      const [uptime = ''] = (await machine.order('cat /proc/uptime')).split(' ');
      await kiosk.picture('started-again');
      return `it came up again, ${Math.round(Number(uptime))} s from the kernel to the sign-in screen`;
    },
  },
];
