/**
 * The browser host's process: `node electron/browser-host/main.ts [CONFIG.json]`. Composes the kiosk, serves it on loopback
 * and says where. Exit codes are in kiosk/platform/exit-codes.ts, settings in read-config.ts.
 */
import { composeKiosk } from '#kiosk/compose.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { exitCodes, type ExitCode } from '#kiosk/platform/exit-codes.ts';
import { createLineLogger } from '#kiosk/platform/line-logger.ts';
import { ownerOnlyUmask } from '#kiosk/platform/owner-only.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { describeStartFailure } from '#kiosk/platform/start-failure.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import { createPassphraseFileStore } from '#kiosk/vault/passphrase-file-store.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { createEnding, type Ending } from '#shared/flow/ending.ts';
import { createBrowserHost } from './browser-host.ts';
import { pageDir, radioEntry } from './locations.ts';
import { createOffsetClock } from './offset-clock.ts';
import { createParentProcess } from './parent-process.ts';
import { readBrowserHostConfig } from './read-config.ts';

const stopEachWithinMs = 4000;
process.umask(ownerOnlyUmask);

const run = async (ending: Ending): Promise<void> => {
  const {
    kiosk: config,
    port,
    simulated,
    logLevel,
  } = await readBrowserHostConfig(process.env, process.argv.slice(2));
  // What this process forks has no use for the configuration, which may hold a registration code.
  delete process.env['LATCHPOINT_CONFIG'];
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

  const secretStore =
    config.passphraseFile === undefined
      ? null
      : await createPassphraseFileStore({ path: config.passphraseFile, random });
  const kiosk = await composeKiosk({
    config,
    clock,
    random,
    logger,
    // As in the desktop host, nobody leads elsewhere.
    fetch: (url, init) => fetch(url, { ...init, redirect: 'error' }),
    secretStore,
    spawnRadio: () => forkRadioProcess({ entry: radioEntry }),
  });
  ending.adopt('kiosk', kiosk);
  const host = await createBrowserHost({
    api: kiosk.api,
    pageDir,
    dataDir: config.dataDir,
    port,
    clock,
    random,
    logger,
    onAddress: (url) => announce({ type: 'address', url }),
  });
  ending.adopt('browser host', host);

  const announce = (message: { readonly type: 'ready' | 'address'; readonly url: string }): void => {
    if (!parent.tell(message)) console.log(`Kiosk: ${message.url}`);
  };
  announce({ type: 'ready', url: host.url });
  logger.info('kiosk ready', { port: host.port, sinceStartMs: Math.round(process.uptime() * 1000) });
};

const ending = createEnding({ timer: systemClock, eachMs: stopEachWithinMs });
run(ending).catch(async (error: unknown) => {
  const { line, exitCode } = describeStartFailure(error);
  console.error(line);
  // What was started before the failure is put away in order: it may hold a database.
  await ending.end();
  process.exit(exitCode);
});
