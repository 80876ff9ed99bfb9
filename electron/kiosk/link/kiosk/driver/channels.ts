/** Links to locks: opened, talked over, and closed in such a way that the next one to the same lock finds it free. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { RadioLink } from '../../../radio/port.ts';
import type { LockInfo } from '../../wire/info.ts';
import type { Conversation } from './lock-conversation.ts';
import type { LockFinder } from './lock-finder.ts';
import { readInfo } from './lock-reading.ts';
import { createMessageStream, type MessageStream } from './message-stream.ts';
import type { OperationScope } from './operation-scope.ts';
import type { Presence } from './presence.ts';

export interface Channel {
  readonly link: RadioLink;
  /** What the lock says of itself, read once. Nothing of it is authenticated. */
  info(scope: OperationScope): Promise<Result<LockInfo>>;
  /** What messages go over; the first call may have to ask the lock how much it takes at once. */
  conversation(scope: OperationScope): Promise<Result<Conversation>>;
  /** The lock has proved to be it: from now on this peer counts for more than others that say to be it. */
  proven(): void;
  /** It has not, for this reason. */
  unproven(code: ErrorCode): void;
  /** Whether the lock answered, authenticated: only then is the frame size good for the next link, too. */
  understood(was: boolean): void;
  close(): void;
}

export interface Channels {
  /** The stages find and connect. The caller closes it. Peers in `tried` are passed over; the one connected to is put there. */
  open(serialNumber: string, scope: OperationScope, tried?: Set<string>): Promise<Result<Channel>>;
  /** Resolves when every link that was closed is down. */
  dispose(): Promise<void>;
}

export interface ChannelsPorts {
  readonly finder: LockFinder;
  readonly presence: Presence;
  readonly logger: Logger;
}

export const createChannels = ({ finder, presence, logger }: ChannelsPorts): Channels => {
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

  const channelOn = (serialNumber: string, link: RadioLink): Channel => {
    let stream: MessageStream | null = null;
    let frameSize: number | null = null;
    let said: LockInfo | null = null;
    const info = async (scope: OperationScope): Promise<Result<LockInfo>> => {
      if (said !== null) return ok(said);
      const read = await readInfo(link, serialNumber, scope);
      if (read.ok) said = read.value;
      return read;
    };
    const frameSizeNow = async (scope: OperationScope): Promise<Result<number>> => {
      const known = frameSizes.get(serialNumber);
      if (known !== undefined) return ok(known);
      const read = await info(scope);
      return read.ok ? ok(read.value.frameSize) : read;
    };
    void link.closed.then(presence.linked(serialNumber, link.peer));
    return {
      link,
      info,
      conversation: async (scope) => {
        if (stream === null) {
          const size = await frameSizeNow(scope);
          if (!size.ok) return size;
          frameSize = size.value;
          stream = createMessageStream(link, Math.min(frameSize, link.maxFrame));
        }
        return ok({ serialNumber, scope, stream });
      },
      proven: () => presence.proven(serialNumber, link.peer),
      unproven: (code) => presence.failed(serialNumber, link.peer, code === 'lock.not_genuine'),
      understood: (was) => {
        if (!was) frameSizes.delete(serialNumber);
        else if (frameSize !== null) frameSizes.set(serialNumber, frameSize);
      },
      close: () => {
        stream?.dispose();
        close(serialNumber, link);
      },
    };
  };

  return {
    open: async (serialNumber, scope, tried = new Set()) => {
      await scope.within(closing.get(serialNumber) ?? Promise.resolve());
      const link = await finder.reach(serialNumber, scope, tried);
      return link.ok ? ok(channelOn(serialNumber, link.value)) : link;
    },
    dispose: async () => {
      await Promise.all(closing.values());
    },
  };
};
