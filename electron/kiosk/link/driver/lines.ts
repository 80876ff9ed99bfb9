/** Links to locks: opened, talked over, and closed in such a way that the next one to the same lock finds it free. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '../../platform/describe-thrown.ts';
import type { Logger } from '../../platform/logger.ts';
import type { RadioLink } from '../../radio/port.ts';
import type { Conversation } from './lock-conversation.ts';
import type { LockFinder } from './lock-finder.ts';
import { readInfo } from './lock-reading.ts';
import { createMessageStream, type MessageStream } from './message-stream.ts';
import type { OperationScope } from './operation-scope.ts';
import type { Presence } from './presence.ts';

export interface Line {
  readonly link: RadioLink;
  /** What messages go over; the first call may have to ask the lock how much it takes at once. */
  conversation(scope: OperationScope): Promise<Result<Conversation>>;
  close(): void;
}

export interface Lines {
  /** The stages find and connect. The caller closes it. */
  open(serialNumber: string, scope: OperationScope): Promise<Result<Line>>;
  /** Resolves when every link that was closed is down. */
  dispose(): Promise<void>;
}

export interface LinesPorts {
  readonly finder: LockFinder;
  readonly presence: Presence;
  readonly logger: Logger;
}

export const createLines = ({ finder, presence, logger }: LinesPorts): Lines => {
  /** Links on their way down: the next operation of that lock waits for them. */
  const closing = new Map<string, Promise<void>>();
  /** What each lock said it can take in one frame. */
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

  const openStream = async (
    serialNumber: string,
    link: RadioLink,
    scope: OperationScope,
  ): Promise<Result<MessageStream>> => {
    let frameSize = frameSizes.get(serialNumber);
    if (frameSize === undefined) {
      const info = await readInfo(link, serialNumber, scope);
      if (!info.ok) return info;
      ({ frameSize } = info.value);
      frameSizes.set(serialNumber, frameSize);
    }
    return ok(createMessageStream(link, Math.min(frameSize, link.maxFrame)));
  };

  const lineOn = (serialNumber: string, link: RadioLink): Line => {
    let stream: MessageStream | null = null;
    void link.closed.then(presence.linked(serialNumber));
    return {
      link,
      conversation: async (scope) => {
        if (stream === null) {
          const opened = await openStream(serialNumber, link, scope);
          if (!opened.ok) return opened;
          stream = opened.value;
        }
        return ok({ serialNumber, scope, stream });
      },
      close: () => {
        stream?.dispose();
        close(serialNumber, link);
      },
    };
  };

  return {
    open: async (serialNumber, scope) => {
      await scope.within(closing.get(serialNumber) ?? Promise.resolve());
      const link = await finder.reach(serialNumber, scope);
      return link.ok ? ok(lineOn(serialNumber, link.value)) : link;
    },
    dispose: async () => {
      await Promise.all(closing.values());
    },
  };
};
