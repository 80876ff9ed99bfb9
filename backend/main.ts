/**
 * The backend as a process; its environment is described in docs/backend.md. A parent process gets
 * `{ type: 'ready', port }`, and takes this one with it when it ends. Exit codes: 0 stopped, 1 failed, 78 the
 * configuration has to be mended.
 */
import process from 'node:process';
import { AppFailure } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { createBackend } from './backend.ts';
import { readBackendConfig } from './config.ts';
import { configurationExitCode, inWords } from './platform/exit.ts';
import { createJsonLogger, systemPorts } from './platform/ports.ts';

/** Longer than PostgreSQL may take to stop. */
const stopDeadlineMs = 20_000;

const logger = createJsonLogger(
  (line) => process.stderr.write(line),
  () => Date.now(),
);

/** Ends the process, once, however many signals come; whatever hangs is left behind after the deadline. */
const endProcess = (code: number, dispose: () => Promise<void>): void => {
  setTimeout(() => process.exit(1), stopDeadlineMs).unref();
  dispose().then(
    () => process.exit(code),
    (failure: unknown) => {
      logger.error('not stopped cleanly', describeThrown(failure));
      process.exit(1);
    },
  );
};

const stopping = new AbortController();

const run = async (): Promise<void> => {
  let dispose: (() => Promise<void>) | null = null;
  const stop = (): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    // While it is still starting, what waits for the database ends, and all else is let finish, so that nothing half-made is left.
    if (dispose) endProcess(0, dispose);
  };
  for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'disconnect']) process.on(event, stop);

  const backend = await createBackend(readBackendConfig(process.env), systemPorts(logger), stopping.signal);
  dispose = () => backend.dispose();
  if (stopping.signal.aborted) {
    endProcess(0, dispose);
    return;
  }
  logger.info('backend ready', { url: backend.url });
  process.send?.({ type: 'ready', port: backend.port });
};

try {
  await run();
} catch (failure) {
  if (stopping.signal.aborted && !(failure instanceof AppFailure)) process.exit(0);
  if (failure instanceof AppFailure) console.error(inWords(failure));
  else logger.error('backend not started', { ...describeThrown(failure), detail: String(failure) });
  process.exit(failure instanceof AppFailure ? configurationExitCode : 1);
}
