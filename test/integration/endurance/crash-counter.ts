/** One kiosk of a crash run: lives under load until it is killed at a random instant, and is started again. */
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '#kiosk/platform/random.ts';
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import { KioskGone, startKioskChild, type KioskChild } from './kiosk-child.ts';
import type { Ledger } from './ledger.ts';
import { pickOf } from './model-cast.ts';
import { idsIn, openPage, type Page, type Shown } from './page.ts';
import type { StoreOfLocks } from './store-of-locks.ts';

export interface CrashCounter {
  readonly name: string;
  readonly dataDir: string;
  /** Starts, works under load, is killed. Answers with why it ended by itself, null where it did not. */
  live(): Promise<string | null>;
  /** Starts it for good, without load and without being killed. */
  start(): Promise<{ readonly kiosk: KioskChild; readonly page: Page; readonly shown: Shown }>;
}

export interface CrashCounterOptions {
  readonly name: string;
  readonly folder: string;
  readonly backendUrl: string;
  readonly registrationCode: string;
  readonly ledger: Ledger;
  readonly store: StoreOfLocks;
  readonly random: Random;
}

/** Share of the lives that end while the kiosk is still starting. */
const endsAtStart = 0.2;
const startTakesMs = 1_500;
/** What a life holds at most; counted in deeds, so that a slow machine kills no sooner. */
const mostDeeds = 14;
/** From a deed's end to the kill: somewhere within the next one. */
const longestAfterMs = 60;
const locksInRange = 16;
/** A lock takes its time, so that a kill finds commands that are under way. */
const longestLockMs = 25;

export const createCrashCounter = (options: CrashCounterOptions): CrashCounter => {
  const { name, ledger, store, random } = options;
  const dataDir = join(options.folder, name);
  const shown: Shown = new Map();

  const startChild = (): KioskChild =>
    startKioskChild({
      onLock: async (question) => {
        await wait(random.float() * longestLockMs);
        const answer = store.obey(name, question);
        await wait(random.float() * longestLockMs);
        return answer;
      },
      onShown: (enrolments: Readonly<Record<string, EnrolmentState>>) => {
        ledger.show(enrolments);
        for (const [id, state] of Object.entries(enrolments)) shown.set(id, state);
      },
    });
  const open = (kiosk: KioskChild): Promise<void> => {
    const { backendUrl, registrationCode } = options;
    return kiosk.open({ dataDir, backendUrl, kioskName: name, registrationCode, manual: null });
  };

  /** New locks first: there is something to do at each. */
  const inRange = (): string[] => {
    const all = [...store.locks.values()];
    const fresh = all.filter(({ boundTo }) => boundTo === null).slice(-locksInRange / 2);
    const others = Array.from({ length: locksInRange / 2 }, () => pickOf(random, all));
    return [...new Set([...fresh, ...others].flatMap((lock) => (lock ? [lock.serialNumber] : [])))];
  };

  const act = async (page: Page, near: readonly string[]): Promise<void> => {
    const bound = near.filter((serialNumber) => store.locks.get(serialNumber)?.boundTo !== null);
    const fresh = near.filter((serialNumber) => !bound.includes(serialNumber));
    const enrolment = (...states: EnrolmentState[]) => pickOf(random, idsIn(shown, ...states)) ?? '';
    const choice = random.float();
    if (choice < 0.3 && fresh.length > 0) await page.capture(pickOf(random, fresh) ?? '');
    else if (choice < 0.7 && bound.length > 0) await page.unlock(pickOf(random, bound) ?? '');
    else if (choice < 0.8) await page.sync();
    else if (choice < 0.85 && enrolment('registered') !== '') await page.provision(enrolment('registered'));
    else if (choice < 0.9 && enrolment('uncertain', 'refused') !== '')
      await page.retry(enrolment('uncertain', 'refused'));
    else if (choice < 0.92 && enrolment('captured') !== '') await page.abandon(enrolment('captured'));
    else await wait(5);
  };

  /** Until the kiosk is gone: one hand at the locks, one at the page's other buttons. */
  const work = async (kiosk: KioskChild, done: () => void): Promise<void> => {
    await open(kiosk);
    done();
    const page = openPage(name, kiosk, ledger);
    const hand = async (): Promise<void> => {
      for (;;) {
        const near = inRange();
        kiosk.hear(store.heard(near));
        for (let count = 0; count < 4; count += 1) {
          await act(page, near);
          done();
        }
      }
    };
    await page.signIn();
    done();
    await Promise.all([hand(), hand()]);
  };

  return {
    name,
    dataDir,
    live: async () => {
      const kiosk = startChild();
      const enough = Promise.withResolvers<null>();
      const atStart = random.float() < endsAtStart;
      let deeds = 1 + Math.floor(random.float() * mostDeeds);
      const gone = work(kiosk, () => {
        deeds -= 1;
        if (deeds === 0) enough.resolve(null);
      }).catch((error: unknown) => {
        if (!(error instanceof KioskGone)) throw error;
      });
      if (!atStart) await Promise.race([enough.promise, kiosk.crashed]);
      const ms = random.float() * (atStart ? startTakesMs : longestAfterMs);
      const crashed = await Promise.race([kiosk.crashed, wait(ms, null)]);
      await kiosk.kill();
      await gone;
      return crashed;
    },
    start: async () => {
      const kiosk = startChild();
      await open(kiosk);
      return { kiosk, page: openPage(name, kiosk, ledger), shown };
    },
  };
};
