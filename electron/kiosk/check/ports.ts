import type { BackendClient } from '../backend/client.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import type { RadioPort } from '../radio/port.ts';
import type { ChannelPorts } from '../updates/channel.ts';
import type { SecretStore } from '../vault/port.ts';

export interface CheckResult {
  readonly part:
    | 'name'
    | 'proxy'
    | 'backend'
    | 'clock'
    | 'stream'
    | 'secret store'
    | 'data'
    | 'dongle'
    | 'first lock'
    | 'updates';
  /** null: it could not be looked at here, and the words say why. */
  readonly ok: boolean | null;
  readonly seen: string;
}

export interface CheckPorts {
  readonly backendUrl: string;
  readonly client: BackendClient;
  readonly clock: Clock;
  readonly random: Random;
  /** How many addresses the name has. Rejects where it has none. */
  readonly addressesOf: (host: string) => Promise<number>;
  /** As the system has it: "DIRECT", or one or several of "PROXY host:port". */
  readonly proxyFor: (url: string) => Promise<string>;
  readonly dataDir: string;
  readonly secretStore: () => Promise<SecretStore | null>;
  /** The update channel, and where this kiosk remembers what came of it; null where IT pushes updates. */
  readonly updates: (ChannelPorts & { readonly folder: string }) | null;
  /** null where a kiosk is running on this machine: the adapter is its own. */
  readonly radio: (() => Pick<RadioPort, 'state$' | 'advertisements$' | 'dispose'>) | null;
}
