/**
 * The one lock that is kept connected because it will probably be asked for next. It has proved who it is by then, so a
 * command takes one round trip. It is given up as soon as another lock is wanted, and after some seconds by itself: a lock
 * that is connected spends its battery, and nobody else can reach it.
 */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { LockOperation } from '../../lock-driver.ts';
import type { Channels } from './channels.ts';
import type { Reached } from './exchange.ts';
import { createOperationScope, type OperationScope } from './operation-scope.ts';
import type { Prove, ProvenSession } from './proven-session.ts';

/** A channel whose lock has proved who it is. */
export interface ProvenChannel extends Reached {
  readonly prepared: ProvenSession;
}

export interface WarmChannel {
  /** Opens it, unless it is open or being opened to that lock already; gives up any other. */
  prepare(
    serialNumber: string,
    deviceCertificate: Uint8Array,
    operation: LockOperation,
  ): Promise<Result<null>>;
  /**
   * Hands it over, waiting for it if it is being opened; it is the caller's then. null when there is none to that lock: one
   * to another lock is given up.
   */
  take(serialNumber: string, scope: OperationScope): Promise<ProvenChannel | null>;
  /** Resolves when it is being closed. */
  giveUp(): Promise<void>;
}

export interface WarmChannelPorts {
  readonly channels: Channels;
  readonly clock: Clock;
  readonly prove: Prove;
}

/** Less than the quarter of a minute after which a lock ends a session by itself. */
const holdMs = 8_000;

interface Held {
  readonly serialNumber: string;
  readonly scope: OperationScope;
  readonly opened: Promise<Result<ProvenChannel>>;
  cancelTimer: () => void;
}

export const createWarmChannel = ({ channels, clock, prove }: WarmChannelPorts): WarmChannel => {
  let held: Held | null = null;

  const open = async (
    serialNumber: string,
    deviceCertificate: Uint8Array,
    scope: OperationScope,
  ): Promise<Result<ProvenChannel>> => {
    const channel = await channels.open(serialNumber, deviceCertificate, scope);
    if (!channel.ok) return channel;
    let isProven = false;
    try {
      const conversation = channel.value.conversation(scope);
      const session = await prove(conversation, deviceCertificate, channel.value.takeBegun());
      if (!session.ok) {
        channel.value.unproven(session.error.code);
        return session;
      }
      const sized = await channel.value.proven(session.value.earlyStart, scope);
      if (!sized.ok) return sized;
      isProven = true;
      return ok({ channel: channel.value, prepared: session.value });
    } finally {
      if (!isProven) {
        // Given up for another lock before it could answer: that says nothing of this one.
        if (scope.ending !== 'cancelled') channel.value.understood(false);
        channel.value.close();
      }
    }
  };

  const drop = (mine: Held): void => {
    if (held === mine) held = null;
    mine.cancelTimer();
    mine.scope.dispose();
  };

  const giveUp = async (): Promise<void> => {
    if (held === null) return;
    const mine = held;
    mine.scope.cancel();
    drop(mine);
    const prepared = await mine.opened.catch(() => null);
    if (prepared?.ok) prepared.value.channel.close();
  };

  const hold = (mine: Held, { channel }: ProvenChannel): void => {
    mine.cancelTimer = clock.after(holdMs, () => {
      if (held === mine) void giveUp();
    });
    void channel.link.closed.then(() => {
      if (held !== mine) return;
      drop(mine);
      channel.close();
    });
  };

  return {
    prepare: async (serialNumber, deviceCertificate, operation) => {
      if (held !== null && held.serialNumber !== serialNumber) void giveUp();
      if (held === null) {
        const scope = createOperationScope(clock, operation);
        const opened = open(serialNumber, deviceCertificate, scope);
        const mine: Held = { serialNumber, scope, opened, cancelTimer: () => undefined };
        held = mine;
        void opened.then(
          (prepared) => {
            if (held !== mine) return;
            scope.dispose();
            if (prepared.ok) hold(mine, prepared.value);
            else drop(mine);
          },
          () => drop(mine),
        );
      }
      const prepared = await held.opened;
      return prepared.ok ? ok(null) : prepared;
    },
    take: async (serialNumber, scope) => {
      if (held === null) return null;
      if (held.serialNumber !== serialNumber) {
        void giveUp();
        return null;
      }
      const mine = held;
      scope.stage('find');
      scope.stage('connect');
      const prepared = await scope.within(mine.opened);
      if (held !== mine) return null;
      if (prepared === null) void giveUp();
      else drop(mine);
      return prepared?.ok ? prepared.value : null;
    },
    giveUp,
  };
};
