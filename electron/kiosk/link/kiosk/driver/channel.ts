/** One link to a lock, and what is talked over it. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { EarlyStart, RadioLink } from '../../../radio/port.ts';
import { createFragmenter, minFrame, type Fragmenter } from '../../wire/frames.ts';
import type { LockInfo } from '../../wire/info.ts';
import type { KioskSession } from '../session.ts';
import type { EarlyStarts, KnownLock } from './early-starts.ts';
import type { Conversation } from './lock-conversation.ts';
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

/** What has left as a link opened. */
export interface BegunEarly {
  readonly session: KioskSession;
  readonly fragmenter: Fragmenter;
  readonly known: KnownLock;
  readonly peer: string;
  readonly start: EarlyStart;
}

export interface ChannelOptions {
  readonly serialNumber: string;
  readonly link: RadioLink;
  readonly begun: BegunEarly | null;
  /** What each lock can take in one frame: it said so, which anyone can in its name, and then understood. */
  readonly frameSizes: Map<string, number>;
  readonly presence: Presence;
  readonly earlyStarts: EarlyStarts;
  /** Nothing goes over the link any more: it is to be closed. */
  readonly onClose: () => void;
}

export const createChannel = (options: ChannelOptions): Channel => {
  const { serialNumber, link, begun, frameSizes, presence, earlyStarts, onClose } = options;
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
      onClose();
    },
  };
};
