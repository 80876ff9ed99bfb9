/** Links to locks: opened, and closed in such a way that the next one to the same lock finds it free. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../../../platform/random.ts';
import type { RadioLink } from '../../../radio/port.ts';
import { createFragmenter, minFrame } from '../../wire/frames.ts';
import { createKioskSession } from '../kiosk-session.ts';
import { createChannel, type BegunEarly, type Channel } from './channel.ts';
import type { EarlyStarts, KnownLock } from './early-starts.ts';
import type { LockFinder } from './lock-finder.ts';
import type { OperationScope } from './operation-scope.ts';
import type { Presence } from './presence.ts';

export interface Channels {
  /**
   * The stages find and connect. The caller closes it. Peers in `tried` are passed over; the one connected to is put there. A lock
   * that takes it is begun with early, in a session with the lock of `deviceCertificate` (DER), unless that is null.
   */
  open(
    serialNumber: string,
    deviceCertificate: Uint8Array | null,
    scope: OperationScope,
    tried?: Set<string>,
  ): Promise<Result<Channel>>;
  /** Resolves when every link that was closed is down. */
  dispose(): Promise<void>;
}

export interface ChannelsPorts {
  readonly finder: LockFinder;
  readonly presence: Presence;
  readonly earlyStarts: EarlyStarts;
  readonly random: Random;
  readonly logger: Logger;
}

export const createChannels = (ports: ChannelsPorts): Channels => {
  const { finder, presence, earlyStarts, random, logger } = ports;
  /** Links on their way down: the next operation of that lock waits for them. */
  const closing = new Map<string, Promise<void>>();
  const frameSizes = new Map<string, number>();

  const close = (serialNumber: string, link: RadioLink): void => {
    const closed = link.close().catch((error: unknown) => {
      logger.warn('link would not close', { serialNumber, ...describeThrown(error) });
    });
    const settled = closed.then(() => {
      if (closing.get(serialNumber) === settled) closing.delete(serialNumber);
    });
    closing.set(serialNumber, settled);
  };

  const begin = (deviceCertificate: Uint8Array, peer: string, known: KnownLock): BegunEarly => {
    const session = createKioskSession({ random, deviceCertificate });
    const fragmenter = createFragmenter(minFrame);
    const frames = fragmenter.fragment(session.start().message);
    return { session, fragmenter, known, peer, start: { handles: known.handles, frames } };
  };

  return {
    open: async (serialNumber, deviceCertificate, scope, tried = new Set()) => {
      await scope.within(closing.get(serialNumber) ?? Promise.resolve());
      const last: { begun: BegunEarly | null } = { begun: null };
      const link = await finder.reach(serialNumber, scope, tried, (peer) => {
        const known = earlyStarts.of(serialNumber, peer);
        last.begun = deviceCertificate && known ? begin(deviceCertificate, peer, known) : null;
        return last.begun?.start ?? null;
      });
      if (link.ok) {
        const { begun } = last;
        const onClose = (): void => close(serialNumber, link.value);
        return ok(
          createChannel({
            serialNumber,
            link: link.value,
            begun,
            frameSizes,
            presence,
            earlyStarts,
            onClose,
          }),
        );
      }
      // Perhaps by what it was begun with: the next link finds out anew.
      if (last.begun !== null && link.error.code === 'lock.link_lost')
        earlyStarts.forget(serialNumber, last.begun.peer);
      return link;
    },
    dispose: async () => {
      await Promise.all(closing.values());
    },
  };
};
