/** A whole kiosk at the estate's backend. Its network, its clock and the locks around it are the test's; it can die anywhere. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { Observable, Subscription } from 'rxjs';
import { composeKiosk, type RunningKiosk } from '#kiosk/compose.ts';
import { createCaptureProof } from '#kiosk/link/lock/capture-proof.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { systemClock, type Clock } from '#kiosk/platform/clock.ts';
import { parseKioskConfig } from '#kiosk/platform/config.ts';
import type { FetchInit } from '#kiosk/platform/http.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { SecretStore } from '#kiosk/vault/port.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
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
import { secretStore } from '#support/kiosk-file.ts';
import { FakeDriver, untilStopped } from '#support/fake-driver.ts';
import { pin, eventually, type Estate, type Lock } from './estate.ts';

const reverse = (bytes: Uint8Array): Promise<Uint8Array> => Promise.resolve(bytes.toReversed());
const secretStores = {
  'its own': secretStore,
  none: null,
  'of another user': { kind: 'test', wrap: reverse, unwrap: reverse },
} satisfies Record<string, SecretStore | null>;
const hearEveryMs = 250;

/** Where a kiosk can die: told before and after each request, and around what it does to a lock. */
export type Instant = (what: string) => void;

export class EstateKiosk {
  network: 'up' | 'cut' = 'up';
  /** Added to the kiosk's clock, in ms. */
  clockOffsetMs = 0;
  instant: Instant = () => undefined;
  /** May answer in place of the backend; null lets the request through. */
  intercept: (path: string, init?: FetchInit) => Promise<Response> | null = () => null;
  readonly inRange = new Map<string, Lock>();
  driver = new FakeDriver();
  dataDir = mkdtempSync(join(tmpdir(), 'estate-kiosk-'));
  /** Every request that it made: "POST /v1/token". */
  readonly requests: string[] = [];
  /** What the backend answered of people. */
  readonly staffAnswers: string[] = [];
  readonly #estate: Estate;
  readonly #latest = new Map<StreamName, unknown>();
  #subscriptions: Subscription[] = [];
  #hearing: NodeJS.Timeout | undefined;
  #kiosk: RunningKiosk | null = null;
  #life = 0;

  constructor(estate: Estate) {
    this.#estate = estate;
    onTestFinished(async () => {
      await this.stop();
      rmSync(this.dataDir, { recursive: true, force: true });
    });
  }

  /** Registered at the store, online, with a person signed in. */
  static async at(estate: Estate, storeId: string): Promise<EstateKiosk> {
    const kiosk = new EstateKiosk(estate);
    await kiosk.start();
    await kiosk.register(storeId);
    await eventually(() => kiosk.requireView('health', (view) => view.connection.state === 'online'));
    await kiosk.signIn();
    return kiosk;
  }

  async register(storeId: string): Promise<void> {
    const code = await this.#estate.makeCode(storeId);
    const registered = await this.call('registerKiosk', { code, name: 'Counter' });
    if (!registered.ok) throw new Error(registered.error.code);
  }

  get clock(): Clock {
    return {
      now: () => systemClock.now() + this.clockOffsetMs,
      monotonic: () => systemClock.monotonic(),
      sinceBoot: () => systemClock.sinceBoot(),
      after: (ms, task) => systemClock.after(ms, task),
    };
  }

  /** With its own secret store, with none, or with one that opens nothing of what that one has wrapped. */
  async start(store: 'its own' | 'none' | 'of another user' = 'its own'): Promise<void> {
    this.#life += 1;
    const life = this.#life;
    const isDead = (): boolean => life !== this.#life;
    this.driver = this.#makeDriver(isDead);
    this.#kiosk = await composeKiosk({
      config: parseKioskConfig(
        { backendUrl: this.#estate.backendUrl, dataDir: this.dataDir, kioskName: 'Counter' },
        'test',
      ),
      clock: this.clock,
      random: systemRandom,
      logger: silentLogger,
      fetch: (url, init) => this.#fetch(url, init, isDead),
      secretStore: secretStores[store],
      spawnRadio: () => {
        throw new Error('the driver of the test has no radio');
      },
      driver: this.driver,
    });
    for (const name of streamNames) this.#watch(name, this.#kiosk);
    this.#hearing = setInterval(() => this.#hear(), hearEveryMs);
    this.#hear();
  }

  async stop(): Promise<void> {
    clearInterval(this.#hearing);
    for (const subscription of this.#subscriptions.splice(0)) subscription.unsubscribe();
    await this.#kiosk?.dispose();
    this.#kiosk = null;
    this.#latest.clear();
  }

  /**
   * What `kill -9` leaves: the files as they are now. Nothing that the old life still does reaches the network, a lock or
   * the files of the next one.
   */
  freeze(): string {
    const copy = mkdtempSync(join(tmpdir(), 'estate-kiosk-'));
    cpSync(this.dataDir, copy, { recursive: true });
    this.#life += 1;
    return copy;
  }

  /** Goes on from frozen files. */
  async startFrom(copy: string | undefined): Promise<void> {
    if (copy === undefined) throw new Error('there are no frozen files');
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
    this.dataDir = copy;
    await this.start();
  }

  /** Signs the store's person in, as soon as the kiosk knows them: staff arrive by a pull of their own. */
  async signIn(): Promise<void> {
    const known = ({ staff }: StreamSnapshot<'kiosk'>): boolean => staff.length > 0;
    const [person] = (await eventually(() => this.requireView('kiosk', known))).staff;
    const signedIn = await this.call('signIn', { staffId: person?.staffId ?? '', pin });
    if (!signedIn.ok) throw new Error(signedIn.error.code);
  }

  view<N extends StreamName>(name: N): StreamSnapshot<N> {
    return streams[name].snapshot.parse(this.#latest.get(name)) as StreamSnapshot<N>;
  }

  requireView<N extends StreamName>(name: N, holds: (view: StreamSnapshot<N>) => boolean): StreamSnapshot<N> {
    const view = this.view(name);
    if (!holds(view)) throw new Error(`${name} is not so yet: ${JSON.stringify(view).slice(0, 300)}`);
    return view;
  }

  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>> {
    if (!this.#kiosk) throw new Error('the kiosk is not running');
    const answer = await this.#kiosk.api.calls[name](input, { signal: new AbortController().signal });
    if (!answer.ok && !calls[name].errors.includes(answer.error.code)) {
      throw new Error(`${name} answered ${answer.error.code}, which it does not declare`);
    }
    return answer;
  }

  bring(lock: Lock): void {
    this.inRange.set(lock.identity.serialNumber, lock);
    this.#hear();
  }

  async capture(lock: Lock): Promise<Result<{ enrolmentId: string }>> {
    const { serialNumber } = lock.identity;
    this.bring(lock);
    await eventually(() =>
      this.requireView('newLocks', ({ locks }) => locks.some((each) => each.serialNumber === serialNumber)),
    );
    return this.call('captureEnrolment', { serialNumber, name: 'Case 9', group: '' });
  }

  /** A new lock that it has captured, and that has its key by now. */
  async enrol(): Promise<Lock> {
    const lock = await this.#estate.makeLock();
    const captured = await this.capture(lock);
    if (!captured.ok) throw new Error(captured.error.code);
    await eventually(() => expect(this.enrolment(lock)?.state).toBe('provisioned'));
    return lock;
  }

  unlock({ identity }: Lock): Promise<Result<CallOutput<'unlock'>>> {
    return this.call('unlock', { serialNumber: identity.serialNumber });
  }

  /** Its enrolment of this lock, newest first, as the page shows it. */
  enrolment({ identity }: Lock) {
    return this.view('enrolments').enrolments.find((each) => each.serialNumber === identity.serialNumber);
  }

  #hear(): void {
    for (const [serialNumber, { provisioned }] of this.inRange)
      this.driver.hear(serialNumber, { provisioned });
  }

  #makeDriver(isDead: () => boolean): FakeDriver {
    const driver = new FakeDriver();
    driver.onReadEnrolment = (serialNumber, operation) => {
      const lock = this.inRange.get(serialNumber);
      if (!lock || isDead()) return untilStopped(serialNumber, operation);
      const { enrolmentCode, identity } = lock;
      const { type, deviceCertificate, devicePrivateKey } = identity;
      const challenge = driver.challenge ?? new Uint8Array(32);
      const proof = createCaptureProof(
        { challenge, serialNumber, enrolmentCode },
        createSigner(devicePrivateKey),
      );
      return Promise.resolve(ok({ serialNumber, type, enrolmentCode, deviceCertificate, proof }));
    };
    driver.onProvision = async (serialNumber, operation) => {
      this.instant('before provision');
      const lock = this.inRange.get(serialNumber);
      if (!lock || isDead()) return untilStopped(serialNumber, operation);
      lock.provisioned = true;
      this.instant('after provision');
      if (isDead()) return untilStopped(serialNumber, operation);
      return Promise.resolve(ok({ provisioned: true, boltOpen: false, tamper: false, battery: 80 }));
    };
    return driver;
  }

  async #fetch(url: string, init: FetchInit | undefined, isDead: () => boolean): Promise<Response> {
    const what = `${init?.method ?? 'GET'} ${new URL(url).pathname}`;
    this.instant(`before ${what}`);
    if (isDead() || this.network === 'cut') throw new TypeError('fetch failed');
    this.requests.push(what);
    const response = await (this.intercept(what, init) ?? fetch(url, init));
    this.instant(`after ${what}`);
    if (what === 'GET /v1/sync/staff') this.staffAnswers.push(await response.clone().text());
    if (isDead()) throw new TypeError('fetch failed');
    return response;
  }

  #watch(name: StreamName, kiosk: RunningKiosk): void {
    const stream$: Observable<unknown> = kiosk.api.streams[name];
    this.#subscriptions.push(stream$.subscribe((snapshot) => this.#latest.set(name, snapshot)));
  }
}
