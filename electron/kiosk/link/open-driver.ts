/** The driver for locks that speak the open Latchpoint link (docs/link.md). How to write another is in docs/driver.md. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { Random } from '../platform/random.ts';
import type { RadioLink, RadioPort } from '../radio/port.ts';
import { maxHoldOpenSeconds } from './command-ids.ts';
import type { LockCommand } from './commands.ts';
import { checkCredentials, type Judgement } from './driver/credentials.ts';
import { askToBlink, converse, type Accepted, type Conversation } from './driver/lock-conversation.ts';
import { createLockFinder } from './driver/lock-finder.ts';
import { readInfo, readOffer } from './driver/lock-reading.ts';
import { createMessageStream } from './driver/message-stream.ts';
import { createOperationScope, type OperationScope } from './driver/operation-scope.ts';
import { createPresence } from './driver/presence.ts';
import type { LockCredentials, LockDriver, LockOperation, LockStatus } from './lock-driver.ts';
import type { StatusReport } from './results.ts';

export interface OpenDriverPorts {
  readonly radio: RadioPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The vendor's root certificate (DER); null until the kiosk is registered, and then no lock is taken for genuine. */
  readonly vendorRoot: () => Uint8Array | null;
}

/** A link that is lost before anything was committed may be opened anew, as often as this and while time remains. */
const mostAttempts = 3;
const leastTimeForAttemptMs = 1500;

const statusOf = ({ provisioned, boltOpen, tamper, battery }: StatusReport): LockStatus => ({
  provisioned,
  boltOpen,
  tamper,
  battery,
});

export const createOpenDriver = (ports: OpenDriverPorts): LockDriver => {
  const { radio, clock, random, logger } = ports;
  const presence = createPresence(radio, clock);
  const finder = createLockFinder(radio, presence);
  /** One operation at a time per lock. */
  const running = new Map<string, OperationScope>();
  /** Links on their way down: the next operation of that lock waits for them. */
  const closing = new Map<string, Promise<void>>();
  /** What each lock said it can take in one frame. */
  const frameSizes = new Map<string, number>();
  let disposed = false;

  const judgement = (serialNumber: string): Judgement => ({
    serialNumber,
    root: ports.vendorRoot(),
    now: clock.now(),
  });

  const close = (serialNumber: string, link: RadioLink): void => {
    const closed = link.close().catch((error: unknown) => {
      logger.warn('link would not close', { serialNumber, problem: String(error) });
    });
    const settled = closed.then(() => {
      if (closing.get(serialNumber) === settled) closing.delete(serialNumber);
    });
    closing.set(serialNumber, settled);
  };

  /** Reaches the lock, works on the link, closes it; a link lost before the commitment is opened anew. */
  const withLink = async <T>(
    serialNumber: string,
    scope: OperationScope,
    work: (link: RadioLink) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    for (let attempt = 1; ; attempt += 1) {
      await scope.within(closing.get(serialNumber) ?? Promise.resolve());
      const link = await finder.reach(serialNumber, scope);
      const result = link.ok ? await workOn(link.value) : link;
      const again =
        !result.ok &&
        result.error.code === 'lock.link_lost' &&
        attempt < mostAttempts &&
        scope.remainingMs() >= leastTimeForAttemptMs;
      if (!again) return result;
      logger.info('link lost before the command, connecting anew', { serialNumber, attempt });
    }
    async function workOn(link: RadioLink): Promise<Result<T>> {
      scope.stage('authenticate');
      try {
        return await work(link);
      } finally {
        close(serialNumber, link);
      }
    }
  };

  const talk = async <T>(
    serialNumber: string,
    scope: OperationScope,
    link: RadioLink,
    conversation: (conversation: Conversation) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    let frameSize = frameSizes.get(serialNumber);
    if (frameSize === undefined) {
      const info = await readInfo(link, serialNumber, scope);
      if (!info.ok) return info;
      ({ frameSize } = info.value);
      frameSizes.set(serialNumber, frameSize);
    }
    const stream = createMessageStream(link, Math.min(frameSize, link.maxFrame), scope);
    try {
      return await conversation({ serialNumber, scope, stream });
    } finally {
      stream.dispose();
    }
  };

  /** The frame around every operation: one per lock, within its deadline, and always an answer. */
  const operate = async <T>(
    name: string,
    serialNumber: string,
    operation: LockOperation,
    work: (scope: OperationScope) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    if (disposed) return fail('lock.cancelled', { serialNumber });
    if (running.has(serialNumber)) return fail('lock.busy', { serialNumber });
    const scope = createOperationScope(clock, operation);
    running.set(serialNumber, scope);
    try {
      return await work(scope);
    } catch (error) {
      logger.error('lock operation broke', { name, serialNumber, problem: String(error) });
      return fail(scope.committed ? 'lock.outcome_unknown' : 'lock.protocol', { serialNumber });
    } finally {
      running.delete(serialNumber);
      scope.dispose();
    }
  };

  /** A command over an authenticated session. */
  const command = <Type extends Accepted['type']>(
    serialNumber: string,
    lockCredentials: LockCredentials,
    toSend: LockCommand & { readonly type: Type },
    operation: LockOperation,
  ): Promise<Result<Accepted & { readonly type: Type }>> =>
    operate(toSend.type, serialNumber, operation, async (scope) => {
      const usable = checkCredentials(lockCredentials, judgement(serialNumber));
      if (!usable.ok) return usable;
      const answer = await withLink(serialNumber, scope, (link) =>
        talk(serialNumber, scope, link, (conversation) =>
          converse(conversation, { random, ...usable.value }, toSend),
        ),
      );
      if (!answer.ok) return answer;
      if (isAnswerTo(toSend.type, answer.value)) return ok(answer.value);
      // Authenticated, and yet no answer to what was asked: nothing can be said of what the lock did.
      return fail(scope.committed ? 'lock.outcome_unknown' : 'lock.protocol', { serialNumber });
    });

  return {
    radioState$: radio.state$,
    sightings$: presence.sightings$,
    readEnrolment: (serialNumber, operation) =>
      operate('readEnrolment', serialNumber, operation, (scope) =>
        withLink(serialNumber, scope, (link) => readOffer(link, scope, judgement(serialNumber))),
      ),
    provision: async (serialNumber, credentials, operation) => {
      const answer = await command(serialNumber, credentials, { type: 'provision' }, operation);
      return answer.ok ? ok(statusOf(answer.value.status)) : answer;
    },
    unlock: async (serialNumber, credentials, { holdOpenSeconds, actorHash }, operation) => {
      const seconds = Math.min(maxHoldOpenSeconds, Math.max(1, Math.round(holdOpenSeconds)));
      const toSend = { type: 'unlock', holdOpenSeconds: seconds, actorHash, reasonCode: 0 } as const;
      const answer = await command(serialNumber, credentials, toSend, operation);
      return answer.ok ? ok({ holdOpenSeconds: answer.value.holdOpenSeconds }) : answer;
    },
    status: async (serialNumber, credentials, operation) => {
      const answer = await command(serialNumber, credentials, { type: 'status' }, operation);
      return answer.ok ? ok(statusOf(answer.value.status)) : answer;
    },
    identify: async (serialNumber, credentials, operation) => {
      if (credentials === null) {
        return operate('identify', serialNumber, operation, (scope) =>
          withLink(serialNumber, scope, (link) => talk(serialNumber, scope, link, askToBlink)),
        );
      }
      const answer = await command(serialNumber, credentials, { type: 'identify' }, operation);
      return answer.ok ? ok(null) : answer;
    },
    dispose: async () => {
      disposed = true;
      for (const scope of running.values()) scope.cancel();
      presence.dispose();
      await Promise.all(closing.values());
    },
  };
};

const isAnswerTo = <Type extends Accepted['type']>(
  type: Type,
  answer: Accepted,
): answer is Accepted & { readonly type: Type } => answer.type === type;
