/** A whole kiosk on a real database file, with a driver and a backend that a test writes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import { test } from 'vitest';
import { composeKiosk, type RunningKiosk } from '#kiosk/compose.ts';
import { parseKioskConfig } from '#kiosk/platform/config.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import type { Fetch } from '#kiosk/platform/http.ts';
import type { UpdatesHost } from '#kiosk/updates/host.ts';
import type { MaintenanceWindow } from '#kiosk/updates/window.ts';
import type { SecretStore } from '#kiosk/vault/port.ts';
import {
  calls,
  streamNames,
  streams,
  type CallInput,
  type CallName,
  type CallOutput,
  type StreamName,
  type StreamSnapshot,
} from '#shared/ipc/contract.ts';
import type { Result } from '#shared/errors/app-error.ts';
import { secretStore } from '#support/kiosk-file.ts';
import { FakeDriver } from '#support/fake-driver.ts';
import { ids } from '#support/kiosk-rows.ts';
import {
  createRegisteringBackend,
  goodCode,
  secrets,
  type RegisteringBackend,
} from './registering-backend.ts';

/** Of the wall clock. */
const untilMs = 50_000;

export class KioskUnderTest {
  readonly clock = new ManualClock();
  readonly dataDir = mkdtempSync(join(tmpdir(), 'kiosk-'));
  readonly server: RegisteringBackend;
  driver = new FakeDriver();
  /** How often its host was told to end, because somebody has left the kiosk. */
  left = 0;
  /** Every snapshot that any stream has shown, as text. */
  readonly shown: string[] = [];
  readonly #random = seededRandom(11);
  readonly #latest = new Map<StreamName, unknown>();
  #kiosk: RunningKiosk | null = null;

  static async create(): Promise<KioskUnderTest> {
    const clock = new ManualClock();
    return new KioskUnderTest(clock, await createRegisteringBackend(() => clock.now()));
  }

  private constructor(clock: ManualClock, server: RegisteringBackend) {
    this.clock = clock;
    this.server = server;
  }

  /** Registers and waits until the store's lock could be opened. */
  async startReady(): Promise<void> {
    await this.start({ code: goodCode });
    await this.until('the key is here', () => this.view('locks').locks[0]?.opensOfflineUntil != null);
    await this.until('online', () => this.view('health').connection.state === 'online');
  }

  async signIn(): Promise<void> {
    const { ok } = await this.call('signIn', { staffId: ids.ann, pin: secrets.pin });
    if (!ok) throw new Error('not signed in');
  }

  async start(
    options: {
      readonly code?: string;
      readonly secretStore?: SecretStore | null;
      /** A channel, on loopback, and where what is handed over goes. */
      readonly updates?: {
        readonly settings: { readonly channel: string; readonly window: MaintenanceWindow };
        readonly host: UpdatesHost;
        readonly fetch: Fetch;
      };
    } = {},
  ): Promise<void> {
    const { updates } = options;
    this.driver = new FakeDriver();
    this.#kiosk = await composeKiosk({
      config: parseKioskConfig(
        {
          backendUrl: 'http://127.0.0.1:9',
          dataDir: this.dataDir,
          kioskName: 'Counter',
          ...(options.code === undefined ? {} : { registrationCode: options.code }),
          ...(updates ? { updates: updates.settings } : {}),
        },
        'test',
      ),
      clock: this.clock,
      random: this.#random,
      logger: silentLogger,
      fetch: (url, init) =>
        updates && url.startsWith(updates.settings.channel)
          ? updates.fetch(url, init)
          : this.server.fetch(url, init),
      ...(updates ? { updates: updates.host } : {}),
      secretStore: options.secretStore === undefined ? secretStore : options.secretStore,
      spawnRadio: () => {
        throw new Error('the driver of the test has no radio');
      },
      driver: this.driver,
      leave: () => {
        this.left += 1;
      },
    });
    for (const name of streamNames) this.#watch(name, this.#kiosk);
  }

  async stop(): Promise<void> {
    await this.#kiosk?.dispose();
    this.#kiosk = null;
    this.#latest.clear();
  }

  view<N extends StreamName>(name: N): StreamSnapshot<N> {
    return streams[name].snapshot.parse(this.#latest.get(name)) as StreamSnapshot<N>;
  }

  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
    if (!this.#kiosk) throw new Error('the kiosk is not running');
    const answer = await this.#kiosk.api.calls[name](input, { signal: new AbortController().signal });
    if (answer.ok) calls[name].output.parse(answer.value);
    else if (!calls[name].errors.includes(answer.error.code)) {
      throw new Error(`${name} answered ${answer.error.code}, which it does not declare`);
    }
    return answer;
  }

  /** Lets time pass in small steps until it is so, and real work (signatures, hashes) go on between the steps. */
  async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = performance.now() + untilMs;
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`not so in time: ${what}`);
      await sleep(1);
      await this.clock.advance(20);
    }
  }

  #watch(name: StreamName, kiosk: RunningKiosk): void {
    const stream$: Observable<unknown> = kiosk.api.streams[name];
    stream$.subscribe((snapshot) => {
      // Strict: a field too many is a failure here.
      streams[name].snapshot.parse(snapshot);
      this.#latest.set(name, snapshot);
      this.shown.push(JSON.stringify(snapshot));
    });
  }
}

/** Vitest's `test` with a kiosk of the test's own, not started yet. */
export const kioskTest = test.extend('kiosk', async ({}, { onCleanup }) => {
  const kiosk = await KioskUnderTest.create();
  onCleanup(async () => {
    await kiosk.stop();
    rmSync(kiosk.dataDir, { recursive: true, force: true });
  });
  return kiosk;
});
