/** What a host gives the kiosk, and how the parts that are made from it say how they are stopped. */
import type { LockDriver } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { KioskConfig } from '../platform/config.ts';
import type { Fetch } from '../platform/http.ts';
import type { Logger } from '../platform/logger.ts';
import type { Random } from '../platform/random.ts';
import type { RadioProcess } from '../radio/radio-client.ts';
import type { SecretStore } from '../vault/port.ts';

export interface KioskPorts {
  readonly config: KioskConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly fetch: Fetch;
  /** null where this machine has nowhere to keep a secret. */
  readonly secretStore: SecretStore | null;
  readonly spawnRadio: () => RadioProcess;
  /** In place of the open driver on the kiosk's radio; disposed with the kiosk. */
  readonly driver?: LockDriver;
}

/** Takes note of what was begun: it is stopped in reverse order. */
export interface Begun {
  /** Stopped by waiting for `stop`. */
  onStop(name: string, stop: () => Promise<void>): void;
  /** Stopped at once. */
  disposable(name: string, part: { dispose(): void }): void;
}
