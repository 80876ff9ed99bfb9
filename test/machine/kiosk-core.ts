/** A kiosk without a screen, whose page is a program: to work at it, and to read what it has kept. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import type { CallOutput } from '#shared/ipc/contract.ts';
import { connectKiosk, type KioskClient } from '#support/kiosk-client.ts';
import { workBadges } from './cuts/work.ts';

export interface KioskCore {
  readonly kiosk: KioskClient;
  readonly signIn: (badge?: string) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** All that a kiosk's journal has, oldest first, and whether each event follows from the one before it. */
export const keptSchema = z.strictObject({
  events: z.array(z.strictObject({ sequence: z.int(), kind: z.string() })),
  brokenAt: z.int().nullable(),
});
export type Kept = z.output<typeof keptSchema>;

const addressOf = async (core: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    core.on('message', ({ type, url }: { type: string; url: string }) => {
      if (type === 'ready') resolve(url);
    });
    core.once('exit', (code) => reject(new Error(`the kiosk ended with ${code}`)));
  });

/** Starts the browser host of that file. */
export const startCore = async (host: string, config: object): Promise<KioskCore> => {
  const LATCHPOINT_CONFIG = JSON.stringify(config);
  const env = { ...process.env, PORT: '0', LATCHPOINT_LOG: 'error', LATCHPOINT_CONFIG };
  const core = fork(host, { env });
  const kiosk = await connectKiosk(await addressOf(core));
  return {
    kiosk,
    signIn: (badge = workBadges.own) => kiosk.call('signInByBadge', { read: badge }),
    stop: async () => {
      const ended = once(core, 'exit');
      core.kill('SIGTERM');
      await ended;
    },
  };
};

/** Signs in, which is an event more, and reads. */
export const readKept = async ({ kiosk, signIn }: KioskCore): Promise<Kept> => {
  await signIn();
  const events: { sequence: number; kind: string }[] = [];
  let before: number | null = null;
  do {
    const page: CallOutput<'readActivity'> = await kiosk.call('readActivity', { filter: {}, before });
    events.push(...page.rows.map(({ sequence, kind }) => ({ sequence, kind })));
    before = page.next;
  } while (before !== null);
  const { brokenAt } = await kiosk.call('checkJournal', null);
  return { events: events.reverse(), brokenAt };
};
