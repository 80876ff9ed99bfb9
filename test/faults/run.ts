/**
 * One fault run: the real driver and a simulated lock on the fake radio, time by hand, and the air doing to every frame what
 * the plan says. Afterwards the faults end and both ends have to serve the next session. Answers what came out and which of
 * the link's promises were broken.
 */
import type { Result } from '#shared/errors/app-error.ts';
import { createOpenDriver } from '#kiosk/link/kiosk/open-driver.ts';
import type { LockDriver } from '#kiosk/link/lock-driver.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import type { RadioState } from '#kiosk/radio/port.ts';
import { createSimulatedLock, type SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { FrameFate } from '#support/fake-link.ts';
import { FakeRadio } from '#support/fake-radio.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { firstExchange, nextExchange, type Exchange } from './exchanges.ts';
import { codeOf, deadlineMs, factsOf, judge, type Answer, type LockFacts, type Verdict } from './promises.ts';
import type { FaultWorld } from './world.ts';

/** What happens at one frame, counted over all links of the run: besides the frame's own fate, to either end. */
export interface FrameEvent {
  readonly fate: FrameFate;
  /** The lock's battery is taken out and put back just before the frame. */
  readonly powerLoss?: boolean;
  /** The dongle is pulled just before the frame, and put back so many milliseconds later. */
  readonly pulledForMs?: number;
}

export interface FaultPlan {
  readonly exchange: Exchange;
  /** Bytes; small frames make many places to fail at. */
  readonly frameSize: number;
  /** `frame` counts both directions and the answers to reads, over all links. Called once for each, in order. */
  readonly at: (direction: 'toLock' | 'toKiosk', frame: number) => FrameEvent;
}

export interface FaultOutcome extends Verdict {
  /** Frames of the exchange, those of further attempts among them. */
  readonly frames: number;
  /** Whether the command had left. */
  readonly committed: boolean;
}

/** A lock advertises more often; this is how often the run looks. */
const stepMs = 250;
/** Longer than the lock holds its bolt, waits for a silent kiosk, and keeps a link warm. */
const aMinuteMs = 61_000;
const quietTicks = 10;

interface Scene {
  readonly clock: ManualClock;
  readonly radio: FakeRadio;
  readonly driver: LockDriver;
  readonly lock: SimulatedLock;
  /** Turns whenever something happens. */
  readonly activity: { count: number };
}

/** Lets everything happen that needs no time to pass. */
const settle = async ({ activity }: Scene): Promise<void> => {
  for (let quiet = 0, seen = activity.count; quiet < quietTicks; quiet += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    if (activity.count !== seen) quiet = 0;
    seen = activity.count;
  }
};

const answerOf = async (scene: Scene, world: FaultWorld, exchange: Exchange): Promise<Answer> => {
  const { clock, radio, driver, lock, activity } = scene;
  const began = clock.monotonic();
  const answers: { result: Result<unknown>; after: number }[] = [];
  let committed = false;
  const operation = {
    deadlineMs,
    onCommitted: () => (committed = true),
    onStage: () => (activity.count += 1),
  };
  void exchange
    .run(driver, world, operation)
    .then((result) => answers.push({ result, after: clock.monotonic() - began }));
  for (let passed = 0; passed <= deadlineMs; passed += stepMs) {
    radio.hear(lock);
    await settle(scene);
    if (answers[0]) break;
    await clock.advance(stepMs);
  }
  const [answer] = answers;
  return { code: codeOf(answer?.result), after: answer?.after ?? null, committed };
};

export const runFault = async (world: FaultWorld, plan: FaultPlan, seed: number): Promise<FaultOutcome> => {
  const { exchange, frameSize } = plan;
  const clock = new ManualClock();
  const radio = new FakeRadio({ clock, maxFrame: Math.max(frameSize, 20) });
  const logger = createRecordingLogger();
  const memory = world.memory(exchange.provisioned);
  const random = seededRandom(seed);
  const vendorRoot = (): Uint8Array => world.identity.root;
  const driver = createOpenDriver({ radio, clock, random, logger, vendorRoot });
  const lock = createSimulatedLock({ identity: world.identity, clock, random, memory, frameSize });
  const scene: Scene = { clock, radio, driver, lock, activity: { count: 0 } };
  const facts = (): LockFacts => factsOf(memory);
  const setState = (state: RadioState): void => radio.setState(state);
  const broken: string[] = [];
  let frames = 0;
  radio.add(lock);

  const countOnly = (): FrameFate => {
    scene.activity.count += 1;
    return 'deliver';
  };
  radio.frameFault = countOnly;
  if (exchange.again) {
    const first = await answerOf(scene, world, firstExchange);
    if (first.code !== 'ok') broken.push(`without a fault: ${first.code}`);
  }
  radio.frameFault = (direction) => {
    scene.activity.count += 1;
    const event = plan.at(direction, frames++);
    if (event.powerLoss) lock.losePower();
    if (event.pulledForMs !== undefined) {
      setState('no_dongle');
      clock.after(event.pulledForMs, () => setState('ready'));
      return 'vanish';
    }
    return event.fate;
  };
  const before = facts();
  const answer = await answerOf(scene, world, exchange);
  broken.push(...judge(exchange, answer, before, facts()));

  radio.frameFault = countOnly;
  await clock.advance(aMinuteMs);
  setState('ready');
  const next = await answerOf(scene, world, nextExchange(facts().provisioned, exchange));
  if (next.code !== 'ok') broken.push(`wedged: the next session ends with ${next.code}`);
  await clock.advance(aMinuteMs);
  await settle(scene);
  if (radio.openLinks > 0) broken.push(`${radio.openLinks} links left open`);
  for (const { level, event, fields } of logger.lines)
    if (level === 'error') broken.push(`logged: ${event} ${JSON.stringify(fields)}`);
  await driver.dispose();
  await radio.dispose();
  lock.dispose();
  return { outcome: answer.code, frames, broken, committed: answer.committed };
};
