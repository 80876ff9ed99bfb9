/** Links to locks: opened, talked over, and closed in such a way that the next one to the same lock finds it free. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../../../platform/random.ts';
import type { EarlyStart, RadioLink } from '../../../radio/port.ts';
import { createFragmenter, minFrame, type Fragmenter } from '../../wire/frames.ts';
import type { LockInfo } from '../../wire/info.ts';
import { createKioskSession } from '../kiosk-session.ts';
import type { KioskSession } from '../session.ts';
import type { EarlyStarts, KnownLock } from './early-starts.ts';
import type { Conversation } from './lock-conversation.ts';
import type { LockFinder } from './lock-finder.ts';
import { readInfo } from './lock-reading.ts';
import { createMessageStream } from './message-stream.ts';
import type { OperationScope } from './operation-scope.ts';
import type { Presence } from './presence.ts';

export interface Channel {
  readonly link: RadioLink;
  /** What the lock says of itself, read once. Nothing of it is authenticated. */
  info(scope: OperationScope): Promise<Result<LockInfo>>;
  /** What messages go over: in the smallest frames until it is known how large a one the lock takes. */
  conversation(scope: OperationScope): Conversation;
  /** The session whose first message went out as the link opened: whoever proves the lock goes on with it, once. */
  takeBegun(): KioskSession | null;
  /**
   * The lock has proved to be it: from now on this peer counts for more than others that say to be it. `earlyStart`: the frame
   * size that it has named, if it takes an early start the next time. Who names none is asked, if that is not known.
   */
  proven(earlyStart: number | null, scope: OperationScope): Promise<Result<null>>;
  /** It has not, for this reason. */
  unproven(code: ErrorCode): void;
  /** Whether the lock answered, authenticated: only then is what it has said of itself good for the next link, too. */
  understood(was: boolean): void;
  close(): void;
}

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

/** What has left as a link opened. */
interface Begun {
  readonly session: KioskSession;
  readonly fragmenter: Fragmenter;
  readonly known: KnownLock;
  readonly peer: string;
  readonly start: EarlyStart;
}

export const createChannels = (ports: ChannelsPorts): Channels => {
  const { finder, presence, earlyStarts, random, logger } = ports;
  /** Links on their way down: the next operation of that lock waits for them. */
  const closing = new Map<string, Promise<void>>();
  /** What each lock can take in one frame: it said so, which anyone can in its name, and then understood. */
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

  const begin = (deviceCertificate: Uint8Array, peer: string, known: KnownLock): Begun => {
    const session = createKioskSession({ random, deviceCertificate });
    const fragmenter = createFragmenter(minFrame);
    const frames = fragmenter.fragment(session.start().message);
    return { session, fragmenter, known, peer, start: { handles: known.handles, frames } };
  };

  const channelOn = (serialNumber: string, link: RadioLink, begun: Begun | null): Channel => {
    const stream = createMessageStream(link, begun?.fragmenter ?? createFragmenter(minFrame));
    let frameSize: number | null = null;
    let offered: number | null = null;
    let session = begun?.session ?? null;
    let said: LockInfo | null = null;
    const use = (size: number): void => {
      frameSize = size;
      stream.resize(size);
    };
    const known = begun?.known.frameSize ?? frameSizes.get(serialNumber);
    if (known !== undefined) use(known);
    void link.closed.then(presence.linked(serialNumber, link.peer));
    const info = async (scope: OperationScope): Promise<Result<LockInfo>> => {
      if (said !== null) return ok(said);
      const read = await readInfo(link, serialNumber, scope);
      if (!read.ok) return read;
      said = read.value;
      if (frameSize === null) use(said.frameSize);
      return read;
    };
    return {
      link,
      info,
      conversation: (scope) => ({ serialNumber, scope, stream }),
      takeBegun: () => {
        const taken = session;
        session = null;
        return taken;
      },
      proven: async (earlyStart, scope) => {
        presence.proven(serialNumber, link.peer);
        offered = earlyStart;
        if (offered !== null) use(offered);
        if (frameSize !== null) return ok(null);
        const read = await info(scope);
        return read.ok ? ok(null) : read;
      },
      unproven: (code) => presence.failed(serialNumber, link.peer, code === 'lock.not_genuine'),
      understood: (was) => {
        if (!was || offered === null || link.handles === null) earlyStarts.forget(serialNumber, link.peer);
        else earlyStarts.remember(serialNumber, link.peer, { handles: link.handles, frameSize: offered });
        if (!was) frameSizes.delete(serialNumber);
        else if (frameSize !== null) frameSizes.set(serialNumber, frameSize);
      },
      close: () => {
        stream.dispose();
        close(serialNumber, link);
      },
    };
  };

  return {
    open: async (serialNumber, deviceCertificate, scope, tried = new Set()) => {
      await scope.within(closing.get(serialNumber) ?? Promise.resolve());
      const last: { begun: Begun | null } = { begun: null };
      const link = await finder.reach(serialNumber, scope, tried, (peer) => {
        const known = earlyStarts.of(serialNumber, peer);
        last.begun = deviceCertificate && known ? begin(deviceCertificate, peer, known) : null;
        return last.begun?.start ?? null;
      });
      if (link.ok) return ok(channelOn(serialNumber, link.value, last.begun));
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
