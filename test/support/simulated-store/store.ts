/**
 * The simulated store as a whole: five processes on loopback, started in the order in which they need each other.
 *
 *   LIVE Lock API sandbox ◄── backend (PostgreSQL) ◄── network (can be cut) ◄── kiosk core ──► radio ──► air, locks
 *
 * The air, its locks, the network and the air panel are one process ("store"); the kiosk forks its radio itself.
 */
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { locateCluster } from '#backend/postgres/cluster.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { createEnding } from '#shared/flow/ending.ts';
import { panelStateSchema, type PanelAction, type PanelState } from '#simulators/panel/contract.ts';
import { createAdmin, registrationCodeAnswer, type Admin } from './admin.ts';
import { startChild, type Child } from './child.ts';
import { createDeaths } from './deaths.ts';
import { openSecrets } from './secrets.ts';
import { seedBackend, seedLockSchema, storeId } from './seed.ts';

export interface SimulatedStoreOptions {
  readonly dataDir: string;
  /** Ports on 127.0.0.1; 0 takes any free one. */
  readonly kioskPort: number;
  readonly panelPort: number;
  /** Whether the kiosk registers itself; without it, the page asks for the code that the air panel shows. */
  readonly registers: boolean;
  /** `elsewhere`: no kiosk is started; whoever starts one takes `kioskConfig`. */
  readonly kiosk?: 'browser-host' | 'elsewhere';
  /** Whether a kiosk that has died is started again, as a service manager would; the rest goes on meanwhile. */
  readonly keepsKiosk?: boolean;
  /** Told each step as it begins. */
  readonly say?: (step: string) => void;
  /** Told the kiosk's next address whenever the one before has been used, or its kiosk has been started again. */
  readonly onNextAddress?: (kioskUrl: string) => void;
}

export interface SimulatedStore {
  /** The code that the kiosk asks for; null where it needs none. */
  registrationCode(): string | null;
  /** Address of the kiosk's page, with a token that is good once; a new one when that has been spent. */
  kioskUrl(): string;
  /** The configuration of a kiosk of this store, as JSON. */
  kioskConfig(): Promise<string>;
  readonly panelUrl: string;
  readonly backendUrl: string;
  readonly admin: Admin;
  readonly dataDir: string;
  state(): Promise<PanelState>;
  act(action: PanelAction): Promise<void>;
  /** Serial numbers that the vendor has registered, in order, as often as it did. */
  vendorRegistrations(): Promise<readonly string[]>;
  /** kill -9 of the kiosk's core; its radio process ends by itself. */
  killKiosk(): Promise<void>;
  startKiosk(): Promise<void>;
  /** The number of the process that is the kiosk's core now; null while there is none. */
  kioskPid(): number | null;
  /** Resolves when a process has ended that nobody asked to end, with its name. */
  readonly failed: Promise<string>;
  dispose(): Promise<void>;
}

const readyPort = z.looseObject({ port: z.int() });
const readyStore = z.looseObject({
  panelPort: z.int(),
  hciPort: z.int(),
  networkPort: z.int(),
  locks: z.array(seedLockSchema),
});
const readyKiosk = z.looseObject({ url: z.string() });
const addressMessage = z.strictObject({ type: z.literal('address'), url: z.string() });
const clockMessage = z.strictObject({ type: z.literal('kiosk-clock'), offsetMs: z.int() });
const registrationsAnswer = z.looseObject({ registrations: z.array(z.string()) });

/** Longer than a process is given before it is killed. */
const stopEachWithinMs = 15_000;

export const startSimulatedStore = async (options: SimulatedStoreOptions): Promise<SimulatedStore> => {
  const { dataDir } = options;
  const say = options.say ?? (() => undefined);
  const secrets = openSecrets(dataDir);
  // PostgreSQL's own user has to pass through it; what is secret in it has a mode of its own.
  chmodSync(dataDir, 0o755);
  const logDir = join(dataDir, 'logs');
  const seeded = join(dataDir, 'seeded');
  for (const folder of [logDir, 'vendor', 'backend', 'kiosk', 'locks']) {
    mkdirSync(folder === logDir ? logDir : join(dataDir, folder), { recursive: true });
  }

  const children = createEnding({ timer: systemClock, eachMs: stopEachWithinMs });
  /** Ended because it was asked to. */
  const killed = new Set<Child>();
  let disposing = false;
  let reportFailure: (name: string) => void = () => undefined;
  const failed = new Promise<string>((resolve) => {
    reportFailure = resolve;
  });
  const start = async (
    name: string,
    entry: string,
    env: Record<string, string>,
    onMessage?: (message: unknown) => void,
  ): Promise<Child> => {
    const child = await startChild({ name, entry, env, logDir, ...(onMessage ? { onMessage } : {}) });
    children.defer(name, () => child.stop());
    void child.exited.then(() => {
      if (killed.delete(child) || disposing) return;
      if (name === 'kiosk' && options.keepsKiosk && deaths.mayTryAgain(performance.now())) void reviveKiosk();
      else reportFailure(name);
    });
    return child;
  };
  let reviveKiosk = (): Promise<void> => Promise.resolve();
  const deaths = createDeaths();
  const dispose = async (): Promise<void> => {
    disposing = true;
    for (const { part } of await children.end()) say(`"${part}" has not ended in order`);
  };

  try {
    say('LIVE Lock API sandbox');
    const vendor = await start('live-lock-api', 'test/simulators/live-lock-api/main.ts', {
      PORT: '0',
      VENDOR_DIR: join(dataDir, 'vendor'),
      LIVE_LOCK_API_KEY: secrets.vendorApiKey,
      CONTROL_TOKEN: secrets.vendorControlToken,
    });
    const vendorUrl = `http://127.0.0.1:${readyPort.parse(vendor.ready).port}`;

    say('locks, air, network and air panel');
    let clockOffsetMs = 0;
    let kiosk: Child | null = null;
    const world = await start(
      'store',
      'test/simulators/store/main.ts',
      {
        DATA_DIR: join(dataDir, 'locks'),
        VENDOR_DIR: join(dataDir, 'vendor'),
        VENDOR_URL: vendorUrl,
        CONTROL_TOKEN: secrets.vendorControlToken,
        STORE_ID: storeId,
        ADMIN_TOKEN: secrets.adminToken,
        PANEL_PORT: String(options.panelPort),
      },
      (message) => {
        const clock = clockMessage.safeParse(message);
        if (!clock.success) return;
        clockOffsetMs = clock.data.offsetMs;
        kiosk?.send({ type: 'clock-offset', ms: clockOffsetMs });
      },
    );
    const store = readyStore.parse(world.ready);

    say('PostgreSQL and backend');
    const backend = await start('backend', 'backend/main.ts', {
      PORT: '0',
      DATA_DIR: join(dataDir, 'backend'),
      LIVE_LOCK_API_URL: vendorUrl,
      LIVE_LOCK_API_KEY: secrets.vendorApiKey,
      LIVE_LOCK_OWNER: 'simulated-store',
      ADMIN_TOKEN: secrets.adminToken,
      SEALING_SECRET: secrets.sealingSecret,
      TRUST_POLL_MS: '2000',
    });
    const backendPort = readyPort.parse(backend.ready).port;
    const backendUrl = `http://127.0.0.1:${backendPort}`;
    world.send({ type: 'backend', port: backendPort });

    const admin = createAdmin(backendUrl, secrets.adminToken);
    if (!existsSync(seeded)) {
      say('locks enrolled before today');
      await seedBackend(admin, store.locks);
      writeFileSync(seeded, '');
    }

    let kioskUrl = '';
    let askedCode: string | null = null;
    let kioskPort = options.kioskPort;
    /** A code is drawn only while it is needed: an unregistered kiosk either registers itself or asks for it. */
    const drawCode = async (): Promise<string | null> =>
      existsSync(join(dataDir, 'kiosk', 'vault', 'identity.json'))
        ? null
        : registrationCodeAnswer.parse(await admin.send('POST', `/stores/${storeId}/registration-codes`))
            .code;
    const configWith = (code: string | null): string =>
      JSON.stringify({
        backendUrl: `http://127.0.0.1:${store.networkPort}`,
        dataDir: join(dataDir, 'kiosk'),
        kioskName: 'Counter kiosk',
        passphraseFile: secrets.passphraseFile,
        radio: { h4: `127.0.0.1:${store.hciPort}` },
        ...(code !== null && options.registers ? { registrationCode: code } : {}),
      });
    const startKiosk = async (): Promise<void> => {
      const code = await drawCode();
      const showAddress = (url: string): void => {
        if (kioskUrl !== '') options.onNextAddress?.(url);
        kioskUrl = url;
        askedCode = options.registers ? null : code;
        world.send({ type: 'kiosk', url, registrationCode: askedCode });
      };
      const env = {
        PORT: String(kioskPort),
        LATCHPOINT_CONFIG: configWith(code),
        LATCHPOINT_SIMULATED: '1',
      };
      const child = await start('kiosk', 'electron/browser-host/main.ts', env, (message) => {
        const address = addressMessage.safeParse(message);
        if (address.success) showAddress(address.data.url);
      });
      kiosk = child;
      showAddress(readyKiosk.parse(child.ready).url);
      kioskPort = Number(new URL(kioskUrl).port);
      if (clockOffsetMs !== 0) child.send({ type: 'clock-offset', ms: clockOffsetMs });
    };
    reviveKiosk = async () => {
      say('the kiosk has died; it is started again');
      try {
        await startKiosk();
        say('the kiosk is back');
      } catch {
        if (!disposing) reportFailure('kiosk');
      }
    };
    if (options.kiosk !== 'elsewhere') {
      say('kiosk');
      await startKiosk();
    }

    const panelUrl = `http://127.0.0.1:${store.panelPort}`;
    return {
      registrationCode: () => askedCode,
      kioskUrl: () => kioskUrl,
      kioskConfig: async () => configWith(await drawCode()),
      panelUrl,
      backendUrl,
      admin,
      dataDir,
      state: async () => readFirstEvent(`${panelUrl}/api/events`),
      act: async (action) => {
        const response = await fetch(`${panelUrl}/api/actions`, {
          method: 'POST',
          body: JSON.stringify(action),
        });
        if (response.status !== 204) throw new Error(`the air panel refused: ${await response.text()}`);
      },
      vendorRegistrations: async () => {
        const response = await fetch(`${vendorUrl}/control/registrations`, {
          headers: { authorization: `Bearer ${secrets.vendorControlToken}` },
        });
        return registrationsAnswer.parse(await response.json()).registrations;
      },
      killKiosk: async () => {
        if (!kiosk) return;
        killed.add(kiosk);
        await kiosk.kill();
        kiosk = null;
      },
      startKiosk,
      kioskPid: () => kiosk?.process.pid ?? null,
      failed,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
};

/** Forgets everything: the next start begins anew. The database may be elsewhere, where its user can reach it. */
export const eraseSimulatedStore = async (dataDir: string): Promise<void> => {
  const { dir } = await locateCluster(join(dataDir, 'backend'));
  for (const folder of [dir, dataDir]) rmSync(folder, { recursive: true, force: true });
};

const readFirstEvent = async (url: string): Promise<PanelState> => {
  const abort = new AbortController();
  const response = await fetch(url, { signal: abort.signal });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.includes('\n\n')) break;
  }
  abort.abort();
  return panelStateSchema.parse(JSON.parse(text.slice('data: '.length, text.indexOf('\n\n'))));
};
