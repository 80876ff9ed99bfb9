/**
 * A whole kiosk in a process of its own, with the real data, vault and services; its locks, its page and, where wanted, its
 * clock are in the hands of the process that forked this one.
 */
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { composeKiosk, type RunningKiosk } from '#kiosk/compose.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { parseKioskConfig } from '#kiosk/platform/config.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { systemRandom, type Random } from '#kiosk/platform/random.ts';
import type { Result } from '#shared/errors/app-error.ts';
import {
  calls,
  type CallInput,
  type CallName,
  type CallOutput,
  type StreamSnapshot,
} from '#shared/ipc/contract.ts';
import type { EnrolmentState } from '#shared/models/enrolment.ts';
import { secretStore } from '#support/kiosk-file.ts';
import { createChances, type Chances } from './chances.ts';
import {
  lockAnswerSchema,
  toKioskSchema,
  type FromKiosk,
  type KioskLook,
  type LockAnswer,
  type OpenKiosk,
} from './kiosk-messages.ts';
import { createRelayedDriver, type RelayedDriver } from './relayed-driver.ts';
import { createWeather, type Weather } from './weather.ts';

interface Running {
  readonly kiosk: RunningKiosk;
  readonly driver: RelayedDriver;
  readonly weather: Weather;
  readonly clock: ManualClock | null;
  readonly latest: {
    kiosk: StreamSnapshot<'kiosk'> | null;
    locks: StreamSnapshot<'locks'> | null;
    health: StreamSnapshot<'health'> | null;
  };
  readonly shown: Map<string, EnrolmentState>;
}

let running: Running | null = null;
let questions = 0;
const asked = new Map<number, (answer: LockAnswer) => void>();

const say = (message: FromKiosk): void => {
  if (process.connected) process.send?.(message);
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const open = async (options: OpenKiosk): Promise<null> => {
  const clock = options.manual ? new ManualClock(options.manual.now) : null;
  const chances: Chances = options.manual ? createChances(options.manual.seed) : () => systemRandom;
  // How many numbers are drawn for jitter is no part of what an enrolment is called.
  const random: Random = {
    bytes: (length) => chances('bytes').bytes(length),
    uuid: () => chances('uuid').uuid(),
    float: () => chances('float').float(),
  };
  const weather = createWeather((url, init) => fetch(url, init), chances, { streams: clock === null });
  const driver = createRelayedDriver(
    (question) =>
      new Promise((resolve) => {
        questions += 1;
        asked.set(questions, resolve);
        say({ type: 'lock', id: questions, question });
      }),
    clock ?? systemClock,
  );
  const { registrationCode: code, dataDir, backendUrl, kioskName } = options;
  const kiosk = await composeKiosk({
    config: parseKioskConfig(
      { dataDir, backendUrl, kioskName, ...(code === null ? {} : { registrationCode: code }) },
      'test',
    ),
    clock: clock ?? systemClock,
    random,
    logger: silentLogger,
    fetch: weather.fetch,
    secretStore,
    spawnRadio: () => {
      throw new Error('this kiosk has no radio');
    },
    driver,
  });
  const latest: Running['latest'] = { kiosk: null, locks: null, health: null };
  const shown = new Map<string, EnrolmentState>();
  const { streams } = kiosk.api;
  streams.kiosk.subscribe((view) => (latest.kiosk = view));
  streams.locks.subscribe((view) => (latest.locks = view));
  streams.health.subscribe((view) => (latest.health = view));
  streams.enrolments.subscribe(({ enrolments }) => {
    const fresh = enrolments.filter(({ enrolmentId, state }) => shown.get(enrolmentId) !== state);
    for (const { enrolmentId, state } of fresh) shown.set(enrolmentId, state);
    if (fresh.length === 0) return;
    say({
      type: 'shown',
      enrolments: Object.fromEntries(fresh.map(({ enrolmentId, state }) => [enrolmentId, state])),
    });
  });
  running = { kiosk, driver, weather, clock, latest, shown };
  return null;
};

const close = async (): Promise<null> => {
  const ending = running;
  running = null;
  await ending?.kiosk.dispose();
  return null;
};

const look = async (): Promise<KioskLook> => {
  if (!running) throw new Error('the kiosk is not open');
  const { latest, shown, clock } = running;
  await clock?.advance(200);
  return {
    phase: latest.kiosk?.phase ?? 'starting',
    signedIn: (latest.kiosk?.session ?? null) !== null,
    staff: latest.kiosk?.staff.map(({ staffId }) => staffId) ?? [],
    connection: latest.health?.connection.state ?? 'offline',
    waiting: latest.health?.connection.waiting ?? 0,
    certificates: latest.health?.certificates.state ?? 'missing',
    openable:
      latest.locks?.locks
        .filter(({ obstacle, proximity }) => obstacle === null && proximity !== null)
        .map(({ serialNumber }) => serialNumber) ?? [],
    enrolments: Object.fromEntries(shown),
  };
};

/** On a manual clock time passes only while nothing outside is being waited for; `rest` is what it waits for besides. */
const settleOn = async <T>(
  { clock, weather }: Running,
  work: Promise<T>,
  rest: () => Promise<unknown> = turn,
): Promise<T> => {
  let done = false;
  const mark = (): void => {
    done = true;
  };
  work.then(mark, mark);
  const isDone = (): boolean => done;
  for (let idle = 0; clock && !isDone();) {
    await turn();
    idle = weather.underWay > 0 || asked.size > 0 ? 0 : idle + 1;
    if (idle < 200) continue;
    idle = 0;
    await rest();
    await clock.advance(50);
  }
  return work;
};

const call = <N extends CallName>(name: N, input: unknown): Promise<Result<CallOutput<N>>> => {
  if (!running) throw new Error('the kiosk is not open');
  const parsed = calls[name].input.parse(input) as CallInput<N>;
  const work = running.kiosk.api.calls[name](parsed, { signal: new AbortController().signal });
  return settleOn(running, work);
};

/** In steps that are short against every deadline, so that a request which is under way is not timed out by them. */
const pass = async (ms: number): Promise<null> => {
  for (let left = ms; left > 0 && running?.clock; left -= 1_000) {
    await running.clock.advance(Math.min(left, 1_000));
    for (let idle = 0; idle < 5; idle = running.weather.underWay > 0 || asked.size > 0 ? 0 : idle + 1) {
      await turn();
    }
  }
  return null;
};

const answer = (id: number, work: Promise<unknown>): void => {
  // A failure here is a defect of the kiosk or of this test: the process ends, and its parent reports it.
  void work.then((value) => say({ type: 'answer', id, value, elapsedMs: running?.clock?.monotonic() ?? 0 }));
};

process.on('message', (received) => {
  const message = toKioskSchema.parse(received);
  switch (message.type) {
    case 'open':
      answer(message.id, open(message.kiosk));
      return;
    case 'close':
      // RxDB closes by timers of the machine, and each part of a kiosk has a bound on the kiosk's clock.
      answer(message.id, running ? settleOn(running, close(), () => delay(5)) : close());
      return;
    case 'call':
      answer(message.id, call(message.name, message.input));
      return;
    case 'look':
      answer(message.id, look());
      return;
    case 'pass':
      answer(message.id, pass(message.ms));
      return;
    case 'jump':
      running?.clock?.jump(message.ms);
      return;
    case 'network':
      running?.weather.set(message.weather);
      return;
    case 'hear':
      running?.driver.hear(message.locks);
      return;
    case 'lock-answer':
      asked.get(message.id)?.(lockAnswerSchema.parse(message.answer));
      asked.delete(message.id);
  }
});
process.on('disconnect', () => process.exit(0));
say({ type: 'started' });
