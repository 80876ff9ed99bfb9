/** Serves the page on loopback and says where, composes the kiosk meanwhile; until it is told to stop. */
import { composeKiosk } from '#kiosk/compose.ts';
import { createComingApi } from '#kiosk/ipc/coming-api.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { exitCodes, type ExitCode } from '#kiosk/platform/exit-codes.ts';
import { createLineLogger } from '#kiosk/platform/line-logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { giveSignsOfLife } from '#kiosk/platform/sign-of-life.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { createEnding, type Ending } from '#shared/flow/ending.ts';
import { createBrowserHost } from './browser-host.ts';
import { pageDir, radioEntry } from './locations.ts';
import { createOffsetClock } from './offset-clock.ts';
import { createParentProcess, type MessageToParent } from './parent-process.ts';
import type { Prepared } from './prepare.ts';
import { startFailed } from './start-failed.ts';

const stopEachWithinMs = 4000;

/**
 * Where it cannot start, what was begun until then is put away in order, for it may hold a database; then the process ends. (Who
 * called it may be another bundle, to which this one's errors are strangers.)
 */
export const runBrowserHost = async (prepared: Prepared): Promise<void> => {
  const ending = createEnding({ timer: systemClock, eachMs: stopEachWithinMs });
  try {
    await run(ending, prepared);
  } catch (error) {
    await startFailed(error, () => ending.end());
  }
};

const run = async (ending: Ending, prepared: Prepared): Promise<void> => {
  const { kiosk: config, source, port, simulated, logLevel, secretStore } = prepared;
  const clock = createOffsetClock(systemClock);
  const random = systemRandom;
  const logger = createLineLogger({
    write: (line) => process.stderr.write(`${line}\n`),
    now: () => clock.now(),
    level: logLevel,
  });
  const parent = createParentProcess(process);
  if (simulated) parent.onClockOffset((ms) => clock.setOffset(ms));

  let stopping = false;
  const stop = (why: string, exitCode: ExitCode): void => {
    if (stopping) process.exit(exitCode);
    stopping = true;
    logger.info('kiosk stopping', { why });
    void ending.end().then((left) => {
      for (const part of left) logger.warn('stopping left a part behind', part);
      process.exit(exitCode);
    });
  };
  process.on('SIGTERM', () => stop('SIGTERM', exitCodes.stopped));
  process.on('SIGINT', () => stop('SIGINT', exitCodes.stopped));
  parent.onGone(() => stop('the process that started it has gone', exitCodes.stopped));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (thrown: unknown) => {
      logger.error('kiosk crashed', { by: event, ...describeThrown(thrown) });
      stop('crashed', exitCodes.crashed);
    });
  }

  let isPrinted = false;
  const announce = (message: MessageToParent): void => {
    if (parent.tell(message) || (message.type === 'ready' && isPrinted)) return;
    isPrinted = true;
    process.stdout.write(`Kiosk: ${message.url}\n`);
  };

  const coming = createComingApi();
  const opening = createBrowserHost({
    api: coming.api,
    pageDir,
    dataDir: config.dataDir,
    port,
    clock,
    random,
    logger,
    onAddress: (url) => announce({ type: 'address', url }),
  });
  // Node reads what `fetch` is made of with its first use: now there is time for it, while a key is derived.
  Reflect.get(globalThis, 'Response');
  const composing = composeKiosk({
    config,
    dataDirFrom: source,
    clock,
    random,
    logger,
    // As in the desktop host, nobody leads elsewhere.
    fetch: (url, init) => fetch(url, { ...init, redirect: 'error' }),
    secretStore,
    spawnRadio: () => forkRadioProcess({ entry: radioEntry }),
  });
  ending.defer('kiosk', () => composing.then((kiosk) => kiosk.dispose(), nothingBegun));
  ending.defer('browser host', () => opening.then((host) => host.dispose(), nothingBegun));
  opening.then(({ url }) => announce({ type: 'opened', url }), nothingBegun);

  // Why there is no kiosk goes before why there is no page.
  const kiosk = await composing;
  const host = await opening;
  coming.arrive(kiosk.api);
  // Not before: to open data that is large or damaged takes as long as it takes.
  const path = process.env['KIOSK_ALIVE_FILE'];
  ending.adopt('signs of life', giveSignsOfLife({ path, clock: systemClock, logger }));
  announce({ type: 'ready', url: host.url });
  logger.info('kiosk ready', { port: host.port, sinceStartMs: Math.round(process.uptime() * 1000) });
};

/** Whoever waits for it hears why. */
const nothingBegun = (): void => undefined;
