/** What IT asks the program for instead of a kiosk: `latchpoint check`, `latchpoint support FILE`. */
import { app, session } from 'electron';
import { lookup } from 'node:dns/promises';
import { createBackendClient } from '#kiosk/backend/client.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { KioskConfig } from '#kiosk/platform/config.ts';
import { exitCodes, type ExitCode } from '#kiosk/platform/exit-codes.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import type { Random } from '#kiosk/platform/random.ts';
import { describeStartFailure } from '#kiosk/platform/start-failure.ts';
import { createRadioClient } from '#kiosk/radio/radio-client.ts';
import type { SecretStore } from '#kiosk/vault/port.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { askedFor, usage } from './asked.ts';
import { runCheck } from './check.ts';
import type { LoadedConfig } from './config-sources.ts';
import { createNetFetch } from './net-fetch.ts';
import { denyPermissions } from './permissions.ts';
import { writeSupport } from './support.ts';
import { openUpdatesHost } from './updates-host.ts';

type Print = (line: string) => void;

export interface CommandPorts {
  /** What was asked for. */
  readonly say: Print;
  /** What went wrong. */
  readonly complain: Print;
  readonly clock: Clock;
  readonly random: Random;
  readonly readConfig: () => Promise<LoadedConfig>;
  readonly openSecretStore: (config: KioskConfig) => Promise<SecretStore | null>;
  readonly spawnRadio: Parameters<typeof createRadioClient>[0]['spawn'];
}

/** A kiosk that runs beside it keeps its adapter. Throws what a start would. */
const lookAtMachine = async (
  { clock, random, openSecretStore, spawnRadio }: CommandPorts,
  loaded: LoadedConfig,
  print: Print,
): Promise<ExitCode> => {
  const isAlone = app.requestSingleInstanceLock();
  const { backendUrl, dataDir, radio } = loaded.config;
  await app.whenReady();
  const coreSession = session.fromPartition('core', { cache: false });
  denyPermissions(coreSession);
  const fetch = createNetFetch(coreSession);
  const { platform, arch } = process;
  const host = await openUpdatesHost({ config: loaded.config, version: app.getVersion(), platform, arch });
  const { updates } = loaded.config;
  const ports = {
    backendUrl,
    dataDir,
    clock,
    random,
    client: createBackendClient({ fetch, clock, backendUrl }),
    updates:
      host && updates ? { fetch, clock, channel: updates.channel, key: host.key, folder: host.folder } : null,
    addressesOf: async (host: string) => (await lookup(host, { all: true })).length,
    proxyFor: (url: string) => coreSession.resolveProxy(url),
    secretStore: () => openSecretStore(loaded.config),
    radio: isAlone
      ? () => createRadioClient({ spawn: spawnRadio, clock, random, logger: silentLogger, config: radio })
      : null,
  };
  return runCheck(loaded, ports, print);
};

/** What a person can do about a file that was not written. */
const remedies: Readonly<Record<string, string>> = {
  EEXIST: 'it is there already: name another',
  ENOENT: 'its folder is not there',
  EACCES: 'this account may not write there',
  ENOSPC: 'the disk is full',
};

/** Also where the configuration cannot be read, which is when it is needed most. */
const writeSupportTo = async (file: string, ports: CommandPorts): Promise<ExitCode> => {
  const { node, electron, chrome } = process.versions;
  const loaded = await ports.readConfig().catch((error: unknown) => describeStartFailure(error).line);
  const check = async (print: Print): Promise<void> => {
    if (typeof loaded === 'string') print(loaded);
    else
      await lookAtMachine(ports, loaded, print).catch((error: unknown) => {
        print(describeStartFailure(error).line);
      });
  };
  try {
    await writeSupport(file, {
      now: ports.clock.now(),
      versions: { Latchpoint: app.getVersion(), Electron: electron, Chromium: chrome, 'Node.js': node },
      logDir: app.getPath('logs'),
      dataDir: typeof loaded === 'string' ? null : loaded.config.dataDir,
      check,
    });
  } catch (error) {
    const code = codeOf(error);
    ports.complain(`${file} was not written: ${remedies[code] ?? code}`);
    return exitCodes.crashed;
  }
  ports.say(`Written to ${file}. It holds no PIN, key or code; it names your backend, and what the log has.`);
  return exitCodes.stopped;
};

/** The command that the arguments name; null where a kiosk is to be started. What stood in its way is told in one line. */
export const commandOf = (argv: readonly string[], ports: CommandPorts): (() => Promise<ExitCode>) | null => {
  const asked = askedFor(argv, app.isPackaged);
  const say = (line: string, to: Print, code: ExitCode) => () => {
    to(line);
    return Promise.resolve(code);
  };
  switch (asked.what) {
    case 'kiosk':
      return null;
    case 'help':
      return say(usage, ports.say, exitCodes.stopped);
    case 'version':
      return say(`Latchpoint ${app.getVersion()}`, ports.say, exitCodes.stopped);
    case 'nothing known':
      // Whoever starts it again has it say the same.
      return say(`${asked.problem}\n\n${usage}`, ports.complain, exitCodes.configuration);
    case 'support':
      return () => writeSupportTo(asked.file, ports);
    case 'check':
      return async () => {
        try {
          return await lookAtMachine(ports, await ports.readConfig(), ports.say);
        } catch (error) {
          const { line, exitCode } = describeStartFailure(error);
          ports.complain(line);
          return exitCode;
        }
      };
  }
};
