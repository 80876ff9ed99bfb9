/** What a host gives the kiosk, and what the first step begins with. */
import type { Ending } from '#shared/flow/ending.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { KioskConfig } from '../platform/config.ts';
import type { Fetch } from '../platform/http.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../platform/random.ts';
import type { RadioProcess } from '../radio/radio-client.ts';
import type { UpdatesHost } from '../updates/host.ts';
import type { SecretStore } from '../vault/port.ts';

export interface KioskPorts {
  readonly config: KioskConfig;
  /** Where `dataDir` was set: a path, or a name for it. Left out: the configuration. */
  readonly dataDirFrom?: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly fetch: Fetch;
  /** null where this machine has nowhere to keep a secret. */
  readonly secretStore: SecretStore | null;
  readonly spawnRadio: () => RadioProcess;
  /** Ends the host, where a person has left the kiosk; left out where there is nothing to leave to. */
  readonly leave?: () => void;
  /** Left out where the configuration has no `updates`, or this host cannot be updated by itself. */
  readonly updates?: UpdatesHost;
  /** In place of the open driver on the kiosk's radio; disposed with the kiosk. */
  readonly driver?: LockDriver;
}

/** Each step takes what the one before has made, and hands on that and what it makes itself. */
export interface Begun {
  readonly ports: KioskPorts;
  /** Whatever a step makes that has to be ended is entered here. */
  readonly ending: Ending;
}
