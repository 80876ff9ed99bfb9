/** The driver for locks that speak the open Latchpoint link (docs/link.md). How to write another is in docs/driver.md. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '../../platform/random.ts';
import type { RadioPort } from '../../radio/port.ts';
import { maxHoldOpenSeconds, maxToken } from '../wire/command-ids.ts';
import type { LockCommand } from '../wire/commands.ts';
import { createLockCapture } from './driver/capture.ts';
import { checkCredentials, type Judgement } from './driver/credentials.ts';
import { createChannels } from './driver/channels.ts';
import { createEarlyStarts, type EarlyStartMemory } from './driver/early-starts.ts';
import { askToBlink } from './driver/lock-conversation.ts';
import { createLockFinder } from './driver/lock-finder.ts';
import { createOperationScope, type OperationScope } from './driver/operation-scope.ts';
import { createPresence } from './driver/presence.ts';
import { createReaching } from './driver/reaching.ts';
import { createRevocations } from './driver/revocations.ts';
import { readRing } from './driver/ring-reading.ts';
import { createLockExchange, type AcceptedOf, type Ask } from './driver/exchange.ts';
import { createProve } from './driver/proven-session.ts';
import { createTimeTokens, type TimeTokenSource } from './driver/time-tokens.ts';
import { createWarmChannel } from './driver/warm-channel.ts';
import { checkDeviceCertificate, rootKeyOf } from './device-certificate.ts';
import type { LockCredentials, LockDriver, LockOperation, LockStatus } from '../lock-driver.ts';
import type { StatusReport } from '../wire/results.ts';

export interface OpenDriverPorts {
  readonly radio: RadioPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** The vendor's root certificate (DER); null until the kiosk is registered, and then no lock is taken for genuine. */
  readonly vendorRoot: () => Uint8Array | null;
  /** Where locks that have lost the time get it from. Without it they go by their own rule for such a case. */
  readonly timeToken?: TimeTokenSource;
  /** The parts of the customer's newest revocation list in their order, for locks to judge; the same array while they are the same. */
  readonly revocationLists?: () => readonly Uint8Array[];
  /** Where it is kept which locks take an early start. Without it that is found out anew in each run. */
  readonly earlyStarts?: EarlyStartMemory;
}

const noLists: readonly Uint8Array[] = [];

const statusOf = ({ provisioned, boltOpen, tamper, battery }: StatusReport): LockStatus => ({
  provisioned,
  boltOpen,
  tamper,
  battery,
});

export const createOpenDriver = (ports: OpenDriverPorts): LockDriver => {
  const { radio, clock, random, logger } = ports;
  const presence = createPresence(radio, clock);
  const channels = createChannels({
    finder: createLockFinder(radio, presence),
    presence,
    earlyStarts: createEarlyStarts(ports.earlyStarts ?? null),
    random,
    logger,
  });
  const timeTokens = createTimeTokens({
    clock,
    logger,
    source: ports.timeToken ?? (() => Promise.resolve(null)),
  });
  const revocations = createRevocations(ports.revocationLists ?? (() => noLists));
  const prove = createProve({ random, clock, timeTokens });
  const exchange = createLockExchange({ prove, revocations });
  const capture = createLockCapture(random);
  const warm = createWarmChannel({ channels, clock, prove });
  const reach = createReaching({ channels, warm, presence, clock, logger });
  /** One operation at a time per lock. */
  const running = new Map<string, OperationScope>();
  let disposed = false;

  const judgement = (serialNumber: string): Judgement => ({
    serialNumber,
    root: ports.vendorRoot(),
    now: clock.now(),
  });

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
      logger.error('lock operation broke', { name, serialNumber, ...describeThrown(error) });
      return fail(scope.committed ? 'lock.outcome_unknown' : 'lock.protocol', { serialNumber });
    } finally {
      running.delete(serialNumber);
      scope.dispose();
    }
  };

  /** A command over an authenticated session. */
  const command = <Type extends LockCommand['type'], T>(
    serialNumber: string,
    lockCredentials: LockCredentials,
    toSend: LockCommand & { readonly type: Type },
    operation: LockOperation,
    use: (answer: AcceptedOf<Type>, ask: Ask) => Promise<Result<T>> | Result<T>,
  ): Promise<Result<T>> =>
    operate(toSend.type, serialNumber, operation, async (scope) => {
      const usable = checkCredentials(lockCredentials, judgement(serialNumber));
      if (!usable.ok) return usable;
      const sought = { serialNumber, deviceCertificate: usable.value.deviceCertificate };
      return reach(sought, scope, (reached, part) => exchange(reached, usable.value, toSend, part, use));
    });

  return {
    radioState$: radio.state$,
    sightings$: presence.sightings$,
    readEnrolment: (serialNumber, challenge, operation) =>
      operate('readEnrolment', serialNumber, operation, (scope) =>
        reach({ serialNumber, deviceCertificate: null }, scope, ({ channel }, part) =>
          capture(channel, part, challenge, judgement(serialNumber)),
        ),
      ),
    provision: (serialNumber, credentials, operation) =>
      command(serialNumber, credentials, { type: 'provision' }, operation, ({ status }) =>
        ok(statusOf(status)),
      ),
    unlock: (serialNumber, credentials, { holdOpenSeconds, actorHash }, operation) => {
      const seconds = Math.min(maxHoldOpenSeconds, Math.max(1, Math.round(holdOpenSeconds)));
      const toSend = { type: 'unlock', holdOpenSeconds: seconds, actorHash, reasonCode: 0 } as const;
      return command(serialNumber, credentials, toSend, operation, (answer) =>
        ok({ holdOpenSeconds: answer.holdOpenSeconds }),
      );
    },
    status: (serialNumber, credentials, operation) =>
      command(serialNumber, credentials, { type: 'status' }, operation, ({ status }) => ok(statusOf(status))),
    events: (serialNumber, credentials, after, operation) =>
      command(serialNumber, credentials, { type: 'events', after }, operation, (first, ask) =>
        readRing(serialNumber, after, first, (next) => ask({ type: 'events', after: next })),
      ),
    release: (serialNumber, credentials, token, operation) =>
      token.length > maxToken
        ? Promise.resolve(fail('lock.refused', { serialNumber, reason: 'bad_token' }))
        : command(serialNumber, credentials, { type: 'release', token }, operation, () => ok(null)),
    identify: (serialNumber, credentials, operation) => {
      if (credentials === null) {
        return operate('identify', serialNumber, operation, (scope) =>
          reach({ serialNumber, deviceCertificate: null }, scope, async ({ channel }, part) => {
            const info = await channel.info(part);
            return info.ok ? askToBlink(channel.conversation(part)) : info;
          }),
        );
      }
      return command(serialNumber, credentials, { type: 'identify' }, operation, () => ok(null));
    },
    prepare: async (serialNumber, deviceCertificate, operation) => {
      if (disposed) return fail('lock.cancelled', { serialNumber });
      if (running.size > 0) return fail('lock.busy', { serialNumber });
      const { root, now } = judgement(serialNumber);
      const genuine =
        root !== null &&
        checkDeviceCertificate(deviceCertificate, { roots: [rootKeyOf(root)], serialNumber, now }).ok;
      if (!genuine) return fail('lock.not_genuine', { serialNumber });
      try {
        return await warm.prepare(serialNumber, deviceCertificate, operation);
      } catch (error) {
        logger.error('lock operation broke', { name: 'prepare', serialNumber, ...describeThrown(error) });
        return fail('lock.protocol', { serialNumber });
      }
    },
    dispose: async () => {
      disposed = true;
      for (const scope of running.values()) scope.cancel();
      await warm.giveUp();
      presence.dispose();
      await channels.dispose();
    },
  };
};
