/** A kiosk that gets updates by itself, for tests: a channel that is served, a clock by hand, and what installs, played by the test. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderTest } from './folder-test.ts';
import { startPackageServer } from './package-server.ts';
import { createRecordingLogger } from './recording-logger.ts';
import { channelKeys, manifestOf, signManifest } from './update-channel.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import type { Manifest } from '#kiosk/updates/manifest.ts';
import type { UpdateState } from '#kiosk/updates/update-state.ts';
import type { UpdateJournal } from '#kiosk/updates/outcomes.ts';
import { createUpdates, type Updates } from '#kiosk/updates/updates.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { PlannedEvent } from '#shared/models/access-event.ts';

export const { publicKey, privateKey } = channelKeys();
const minute = 60_000;
const step = 20_000;
export const content = randomBytes(5_000);
export const evening = Date.UTC(2026, 0, 5, 23);

/** A kiosk in a store at UTC, its channel, and what installs, played by the test. */
export const updatesTest = folderTest.extend('kiosk', async ({ folder }, { onCleanup }) => {
  const server = await startPackageServer();
  const clock = new ManualClock(evening);
  const logger = createRecordingLogger();
  const own = join(folder, 'own');
  mkdirSync(own);
  const running: Updates[] = [];
  let isQuiet = true;
  let isFree = true;
  /** What the journal was told, and whether it was lost before it was stored. */
  const told: PlannedEvent[] = [];
  let stores = true;
  let planned = 0;
  const journal: UpdateJournal = {
    plan: ({ kind, update }) => {
      planned += 1;
      const nobody = { staffId: null, serialNumber: null, attemptId: null, errorCode: null };
      const about = { kind, ...nobody, offline: false, stageMs: {}, ...(update ? { update } : {}) };
      const kioskId = '11111111-1111-4111-8111-111111111111';
      const eventId = `00000000-0000-4000-8000-${String(planned).padStart(12, '0')}`;
      return { eventId, kioskId, at: clock.now(), ...about };
    },
    recordPlanned: (event) => {
      if (!stores || !event) return Promise.resolve(fail('storage.disk_full'));
      told.push(event);
      return Promise.resolve(ok(null));
    },
    hasEvent: (eventId) => Promise.resolve(told.some((event) => event.eventId === eventId)),
  };
  let onAsked = (): void => undefined;
  let state: UpdateState | null = null;
  const start = async (version = '0.3.0'): Promise<Updates> => {
    await running.pop()?.dispose();
    const updates = createUpdates({
      host: {
        key: publicKey,
        version,
        platform: 'linux-x64',
        folder: own,
        resultFile: join(folder, 'result'),
        stepFile: join(folder, 'step'),
      },
      settings: { channel: server.url, ring: 'all', window: { from: '02:00', to: '05:00' } },
      fetch: (url, init) => fetch(url, { ...init, redirect: 'error' }),
      ...{ clock, logger, random: { float: () => 0 } },
      storeId: () => 'a-store',
      offsetAt: () => 0,
      isQuiet: () => {
        const answer = Promise.resolve(isQuiet);
        void answer.then(() => onAsked());
        return answer;
      },
      isFree: () => Promise.resolve(isFree),
      journal,
    });
    running.push(updates);
    updates.state$.subscribe((next) => (state = next));
    await updates.start();
    return updates;
  };
  const offer = (rest: Partial<Manifest> = {}): Manifest => {
    const sha256 = createHash('sha256').update(content).digest('hex');
    const packages = new Map([['linux-x64', { file: 'a.deb', bytes: content.length, sha256 }]]);
    const manifest = manifestOf({ packages, ...rest });
    server.files.set('a.deb', content);
    server.files.set('latchpoint.update', signManifest(manifest, privateKey));
    return manifest;
  };
  onCleanup(async () => {
    await running.pop()?.dispose();
    await server.close();
  });
  return {
    ...{ server, clock, logger, own, start, offer },
    state: (): UpdateState | null => state,
    request: () => join(own, 'request'),
    result: (line: string) => writeFileSync(join(folder, 'result'), `${line}\n`),
    quiet: (now: boolean) => (isQuiet = now),
    free: (now: boolean) => (isFree = now),
    told: () => told.map(({ kind, update }) => ({ kind, update })),
    journalStores: (now: boolean) => (stores = now),
    step: (step: number) => writeFileSync(join(folder, 'step'), `${step}\n`),
    /** Runs at the moment at which it was answered that nobody is there. */
    afterAsked: (act: () => void) => (onAsked = act),
    /** Time goes on until it is so. In steps that are shorter than any deadline, with all that is begun in each: real answers take real time. */
    advanceUntil: async (holds: () => boolean, minutes: number): Promise<void> => {
      for (let left = (minutes * minute) / step; left > 0 && !holds(); left -= 1) {
        await clock.advance(step);
        await running.at(-1)?.settled();
      }
    },
  };
});

export const never = (): boolean => false;
