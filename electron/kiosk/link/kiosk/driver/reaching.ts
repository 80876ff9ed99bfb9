/**
 * Gets to the lock and works there. A link that is lost before the commitment is opened anew; and where several peers say to be
 * the lock, as they do when somebody copies what it advertises, those that fail to prove it cost a part of the time, and the
 * next one is tried.
 */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Channels } from './channels.ts';
import type { Reached } from './exchange.ts';
import type { OperationScope } from './operation-scope.ts';
import type { Presence } from './presence.ts';
import { createTrialScope } from './trial-scope.ts';
import type { WarmChannel } from './warm-channel.ts';

export interface ReachingPorts {
  readonly channels: Channels;
  readonly warm: WarmChannel;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Works over a channel, within a scope that is the operation's or a part of it. */
export type Work<T> = (reached: Reached, scope: OperationScope) => Promise<Result<T>>;

/** The lock to be reached; `deviceCertificate` (DER): `work` begins with a session with that lock, else null. */
export interface Sought {
  readonly serialNumber: string;
  readonly deviceCertificate: Uint8Array | null;
}

/** The stage authenticate, and whatever `work` adds. */
export type Reaching = <T>(sought: Sought, scope: OperationScope, work: Work<T>) => Promise<Result<T>>;

/** A link that is lost before anything was committed may be opened anew, as often as this and while time remains. */
const mostAttempts = 3;
const leastTimeForAttemptMs = 1500;
/** Of the time that is left, a peer that has not proved anything gets one of so many parts at the least. */
const mostParts = 4;

/** What another peer than the lock might be the cause of. */
const maybeAnother: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'lock.connect_timeout',
  'lock.answer_timeout',
  'lock.link_lost',
  'lock.not_genuine',
  'lock.protocol',
]);

export const createReaching = ({ channels, warm, presence, clock, logger }: ReachingPorts): Reaching => {
  /** The operation's own scope, unless whoever is next has proved nothing and others say to be the lock, too. */
  const scopeOf = (
    serialNumber: string,
    scope: OperationScope,
    tried: ReadonlySet<string>,
  ): OperationScope => {
    const others = presence.others(serialNumber, tried);
    const next = presence.peerOf(serialNumber, tried);
    if (others < 2 || next === null || presence.isProven(serialNumber, next)) return scope;
    const part = scope.remainingMs() / Math.min(others, mostParts);
    return createTrialScope(clock, scope, Math.max(leastTimeForAttemptMs, part));
  };

  const tryOnce = async <T>(
    { serialNumber, deviceCertificate }: Sought,
    scope: OperationScope,
    tried: Set<string>,
    work: Work<T>,
  ): Promise<Result<T>> => {
    const prepared = await warm.take(serialNumber, scope);
    const part = prepared ? scope : scopeOf(serialNumber, scope, tried);
    try {
      const opened = prepared
        ? ok(prepared.channel)
        : await channels.open(serialNumber, deviceCertificate, part, tried);
      if (!opened.ok) return opened;
      const channel = opened.value;
      part.stage('authenticate');
      try {
        const result = await work(prepared ?? { channel, prepared: null }, part);
        if (!result.ok && maybeAnother.has(result.error.code)) channel.unproven(result.error.code);
        return result;
      } finally {
        channel.close();
      }
    } finally {
      if (part !== scope) part.dispose();
    }
  };

  return async (sought, scope, work) => {
    const { serialNumber } = sought;
    const tried = new Set<string>();
    for (let losses = 0; ;) {
      const result = await tryOnce(sought, scope, tried, work);
      if (result.ok || scope.committed || scope.ending !== null) return result;
      const { code } = result.error;
      if (scope.remainingMs() < leastTimeForAttemptMs || !maybeAnother.has(code)) return result;
      losses += code === 'lock.link_lost' ? 1 : 0;
      const isLock = [...tried].some((peer) => presence.isProven(serialNumber, peer));
      if (code === 'lock.link_lost' && losses < mostAttempts && (isLock || !hasOthers(serialNumber, tried))) {
        logger.info('link lost before the command, connecting anew', { serialNumber, attempt: losses });
        tried.clear();
      } else if (hasOthers(serialNumber, tried)) {
        logger.info('another peer says to be the lock and is tried', { serialNumber, code });
      } else {
        return result;
      }
    }
  };

  function hasOthers(serialNumber: string, tried: ReadonlySet<string>): boolean {
    return presence.others(serialNumber, tried) > 0;
  }
};
