/** The kiosk in the machine as its tests see it: what the unit does, what the journal says, what is on the screen. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { SimulatedStore } from '#support/simulated-store/store.ts';
import type { Machine } from './machine.ts';
import { watchPage, type Page } from './page.ts';

export interface Kiosk {
  readonly machine: Machine;
  readonly store: SimulatedStore;
  /** A property of the unit's. */
  readonly unit: (name: string) => Promise<string>;
  /** What the system and the kiosk have said since `mark` was called last. */
  readonly journal: () => Promise<string>;
  readonly mark: () => Promise<void>;
  /** Looks until the journal has it; answers the line. */
  readonly says: (pattern: RegExp, withinMs?: number) => Promise<string>;
  /** Looks until it holds. */
  readonly until: (what: string, holds: () => Promise<boolean>, withinMs?: number) => Promise<void>;
  readonly page: Page;
  /** Looks until the page says it; answers all that it says then. */
  readonly shows: (pattern: RegExp, withinMs?: number) => Promise<string>;
  /** The screen as it is, kept under that name. Answers the size of the file. */
  readonly picture: (name: string) => Promise<number>;
}

/** What the screen says on which people sign in. */
export const signInScreen = /Choose your name[^]*Front counter/;

/** Emulated, on a computer that has more to do: minutes. */
const patienceMs = 360_000;
const lookAgainMs = 2_000;

export const watchKiosk = (machine: Machine, store: SimulatedStore, pictures: string): Kiosk => {
  mkdirSync(pictures, { recursive: true });
  let since = '';
  const kiosk: Kiosk = {
    machine,
    store,
    unit: (name) => machine.order(`systemctl show latchpoint --value -p ${name}`),
    // By its place and not by its time: the clock is moved, too.
    mark: async () => {
      since = await machine.order(`journalctl -n 1 -o cat --show-cursor | sed -n "s/^-- cursor: //p"`);
    },
    journal: () =>
      machine.order(`journalctl --no-pager -o cat ${since === '' ? '' : `--after-cursor='${since}'`}`, {
        mayFail: true,
      }),
    until: async (what, holds, withinMs = patienceMs) => {
      const end = performance.now() + withinMs;
      while (performance.now() < end) {
        if (await holds()) return;
        await wait(lookAgainMs);
      }
      throw new Error(`waited in vain for ${what}; the journal: ${(await kiosk.journal()).slice(-3000)}`);
    },
    says: async (pattern, withinMs) => {
      let line = '';
      const looks = async (): Promise<boolean> => {
        line = pattern.exec(await kiosk.journal())?.[0] ?? '';
        return line !== '';
      };
      await kiosk.until(`${pattern}`, looks, withinMs);
      return line;
    },
    page: watchPage(machine),
    shows: async (pattern, withinMs) => {
      let said = '';
      const looks = async (): Promise<boolean> => pattern.test((said = await kiosk.page.says()));
      await kiosk.until(`${pattern} on the page`, looks, withinMs);
      return said;
    },
    picture: async (name) => {
      const file = join(pictures, `${name}.png`);
      await machine.screenshot(file);
      return statSync(file).size;
    },
  };
  return kiosk;
};
