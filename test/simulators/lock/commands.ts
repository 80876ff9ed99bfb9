/** What a lock does when it is told to by someone entitled to. */
import { toHex } from '#kiosk/link/wire/bytes.ts';
import type { LockCommand } from '#kiosk/link/wire/commands.ts';
import type { CommandResult, Refusal, StatusReport } from '#kiosk/link/wire/results.ts';
import type { AcceptedChain } from '#kiosk/link/lock/session.ts';
import type { AttemptLimiter } from './attempt-limiter.ts';
import type { EventRing } from './event-ring.ts';
import type { LockClock } from './lock-clock.ts';
import type { SwitchedFor } from './switched-for.ts';

/** What commands act on. */
export interface LockBody {
  readonly clock: LockClock;
  readonly ring: EventRing;
  readonly limiter: AttemptLimiter;
  readonly bolt: SwitchedFor;
  readonly lamp: SwitchedFor;
  customerKey: string | null;
  customerEpoch: number;
  keyEpoch: number;
  revocationVersion: number;
  unlocksWithoutTime: number;
  battery: number;
  tamper: boolean;
  jammed: boolean;
}

export const blinkMs = 10_000;
/** Below this charge, in percent, the motor would not finish its way. */
const motorNeedsBattery = 3;
/** How many unlocks are allowed between two time tokens by a clock that has stopped, whatever was shown to it meanwhile. */
export const unlocksWithoutTimeAllowed = 20;

const refused = (refusal: Refusal): CommandResult => ({ type: 'refused', refusal });

/**
 * Does `command` and answers with its outcome. The chain has been judged before. `remember` makes the state durable: it is
 * called before the bolt moves, so that what a lock has done it also knows after a loss of power.
 */
export const obey = (
  body: LockBody,
  command: LockCommand,
  ports: {
    readonly chain: AcceptedChain;
    readonly status: () => StatusReport;
    /** Gives the lock a new secret if the token is right; answers whether it was. */
    readonly release: (token: Uint8Array) => boolean;
    readonly remember: () => void;
  },
): CommandResult => {
  const { chain, remember } = ports;
  const changesEpoch = chain.customerEpoch > body.customerEpoch || chain.keyEpoch > body.keyEpoch;
  body.customerEpoch = Math.max(body.customerEpoch, chain.customerEpoch);
  body.keyEpoch = Math.max(body.keyEpoch, chain.keyEpoch);
  const result = carryOut(body, command, ports);
  // A question wears no memory.
  if (changesEpoch || !isQuestion(command)) remember();
  if (result.type === 'unlock') body.bolt.start(result.holdOpenSeconds * 1000);
  if (result.type === 'identify') body.lamp.start(blinkMs);
  return result;
};

const isQuestion = ({ type }: LockCommand): boolean =>
  type === 'status' || type === 'identify' || type === 'events';

const carryOut = (
  body: LockBody,
  command: LockCommand,
  ports: {
    readonly chain: AcceptedChain;
    readonly status: () => StatusReport;
    /** Gives the lock a new secret if the token is right; answers whether it was. */
    readonly release: (token: Uint8Array) => boolean;
  },
): CommandResult => {
  switch (command.type) {
    case 'provision': {
      // The policy has refused other customers, so a repeated command comes from the one that the lock is bound to.
      const isNew = body.customerKey === null;
      body.customerKey = toHex(ports.chain.customerKey);
      if (isNew) record(body, 'provisioned', null);
      return { type: 'provision', status: ports.status() };
    }
    case 'unlock':
      return unlock(body, command);
    case 'status':
      return { type: 'status', status: ports.status() };
    case 'identify':
      return { type: 'identify' };
    case 'events':
      return { type: 'events', ...body.ring.after(command.after) };
    case 'release':
      return release(body, () => ports.release(command.token));
  }
};

const release = (body: LockBody, giveUpKey: () => boolean): CommandResult => {
  if (body.customerKey === null) return refused({ reason: 'not_provisioned' });
  if (giveUpKey()) {
    // All of this was between the lock and the customer that it leaves.
    body.customerKey = null;
    body.customerEpoch = 0;
    body.keyEpoch = 0;
    body.revocationVersion = 0;
    record(body, 'released', null);
    return { type: 'release' };
  }
  const closedMs = body.limiter.closedForMs();
  if (closedMs > 0) return refused({ reason: 'locked_out', retryAfterSeconds: Math.ceil(closedMs / 1000) });
  body.limiter.failed();
  return refused({ reason: 'bad_token' });
};

const unlock = (body: LockBody, command: LockCommand & { readonly type: 'unlock' }): CommandResult => {
  const refusal = whyNotUnlock(body);
  if (refusal) {
    record(body, 'refused', command.actorHash);
    return refused({ reason: refusal });
  }
  if (body.clock.stopped) body.unlocksWithoutTime -= 1;
  record(body, 'unlocked', command.actorHash);
  return { type: 'unlock', holdOpenSeconds: command.holdOpenSeconds };
};

const whyNotUnlock = (body: LockBody) => {
  if (body.customerKey === null) return 'not_provisioned';
  if (body.battery < motorNeedsBattery) return 'battery_low';
  if (body.jammed) return 'jammed';
  return body.clock.stopped && body.unlocksWithoutTime <= 0 ? 'time_untrusted' : null;
};

export const record = (
  body: Pick<LockBody, 'ring' | 'clock'>,
  kind: Parameters<EventRing['add']>[0]['kind'],
  actorHash: Uint8Array | null,
): void => body.ring.add({ at: Math.floor(body.clock.now() / 1000), kind, actorHash });
