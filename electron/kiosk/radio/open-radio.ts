/** The kiosk's radio in this process: on a controller behind H4/TCP, or on the machine's own adapter. */
import { serviceUuid } from './gatt-profile.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { createAdvertFilter, type PacketFilter } from './advert-filter.ts';
import { createHandleCache } from './gatt-handles.ts';
import { connectH4, type H4Socket } from './h4-socket.ts';
import { loadNoble } from './load-noble.ts';
import { createNobleRadio, type DownReason, type NobleRadio } from './noble-radio.ts';
import type { RadioPort } from './port.ts';
import { createRecoveringRadio, retryPauses, type OpenedRadio } from './recovering-radio.ts';

export interface RadioConfig {
  /** `host:port` of a controller that speaks HCI in H4 framing; without it, the machine's own adapter. */
  readonly h4?: string | undefined;
}

export interface OpenRadioOptions {
  readonly config: RadioConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly onDown?: (reason: DownReason) => void;
  /** The adapter said something that could not be read: the event's code (Core 5.4, Vol 4 Part E, 7.7). */
  readonly onUnreadable?: (code: number) => void;
}

/** A controller that has not accepted by then is not there. */
export const h4ConnectMs = 1_000;

/** UUIDs are sent least significant octet first. */
const serviceUuidOnAir = Buffer.from(serviceUuid, 'hex').reverse();

export const openRadio = ({ config, clock, random, onDown, onUnreadable }: OpenRadioOptions): RadioPort => {
  const handles = createHandleCache();

  const openSocket = async (filter: PacketFilter): Promise<H4Socket | null> =>
    config.h4 === undefined ? null : connectH4({ address: config.h4, timeoutMs: h4ConnectMs, clock, filter });

  const open = async (): Promise<OpenedRadio> => {
    let radio: NobleRadio | null = null;
    const filter = createAdvertFilter(clock, serviceUuidOnAir, (heard) => radio?.heardAgain(heard) ?? false);
    let socket: H4Socket | null;
    try {
      socket = await openSocket(filter);
    } catch {
      return { ok: false, reason: 'no_dongle' };
    }
    const hardwareFailed = Promise.withResolvers<undefined>();
    const loaded = loadNoble(socket, {
      filter,
      onHardwareError: () => hardwareFailed.resolve(undefined),
      ...(onUnreadable ? { onUnreadable } : {}),
    });
    if (!loaded.ok) {
      socket?.close();
      return { ok: false, reason: loaded.state };
    }
    radio = createNobleRadio({
      noble: loaded.noble,
      clock,
      handles,
      hardwareFailed: hardwareFailed.promise,
      ...(socket ? { transportClosed: socket.closed } : {}),
    });
    return {
      ok: true,
      radio,
      dispose: () => {
        loaded.dispose();
        socket?.close();
      },
    };
  };

  return createRecoveringRadio({
    open,
    clock,
    retryAfterMs: retryPauses(random),
    ...(onDown ? { onDown } : {}),
  });
};
