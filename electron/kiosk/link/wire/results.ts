/** What a lock answers to a command: the plaintext of a record from the lock. */
import { isArray, isBytes, isUint, type CborValue } from './cbor/value.ts';
import { decodeCbor } from './cbor/decode.ts';
import { chainReasons, type ChainReason } from './chain-policy.ts';
import { commandIds, maxHoldOpenSeconds } from './command-ids.ts';
import { readFlags, type LockFlags } from './flags.ts';
import { LinkError } from './link-error.ts';

/** A lock's state as it reports it in a session. */
export interface StatusReport extends LockFlags {
  /** Percent. */
  readonly battery: number;
}

export const eventKinds = [
  'unlocked',
  'refused',
  'provisioned',
  'released',
  'tampered',
  'power_lost',
] as const;

/** One record of the lock's own ring. */
export interface LockEvent {
  readonly sequence: number;
  /** Seconds since 1970 by the lock's clock. */
  readonly at: number;
  readonly kind: (typeof eventKinds)[number];
  /** The actor hash of the command (32 bytes), or null where no person caused it. */
  readonly actorHash: Uint8Array | null;
}

/** Why a lock did not do what it was told. Codes on the wire are positions in this list, counted from 1. */
export const refusals = [
  'chain',
  'not_provisioned',
  'already_provisioned',
  'locked_out',
  'time_untrusted',
  'battery_low',
  'jammed',
  'busy',
  'bad_command',
  'bad_token',
] as const;

export type Refusal =
  | { readonly reason: 'chain'; readonly chain: ChainReason }
  /** Too many attempts; `retryAfterSeconds` until the next is taken. */
  | { readonly reason: 'locked_out'; readonly retryAfterSeconds: number }
  | { readonly reason: Exclude<(typeof refusals)[number], 'chain' | 'locked_out'> };

export type CommandResult =
  | { readonly type: 'unlock'; readonly holdOpenSeconds: number }
  | { readonly type: 'provision'; readonly status: StatusReport }
  | { readonly type: 'identify' }
  | { readonly type: 'status'; readonly status: StatusReport }
  /** `more`: the ring holds further records after the last of these. */
  | { readonly type: 'events'; readonly events: readonly LockEvent[]; readonly more: boolean }
  | { readonly type: 'release' }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/** Most events in one answer, so that it fits a message. */
export const maxEventsPerAnswer = 32;

/** What the answer to a command that was done begins with, in place of a refusal's code. */
export const done = 0;
const uint32 = 0xffff_ffff;

const readRefusal = (value: readonly CborValue[]): Refusal | null => {
  const [code, detail] = value;
  const reason = isUint(code, 0, uint32) ? refusals[code - 1] : undefined;
  if (reason === undefined) return null;
  if (reason === 'chain') {
    const chain = isUint(detail, 0, uint32) ? chainReasons[detail - 1] : undefined;
    return value.length === 2 && chain !== undefined ? { reason, chain } : null;
  }
  if (reason === 'locked_out') {
    return value.length === 2 && isUint(detail, 0, uint32) ? { reason, retryAfterSeconds: detail } : null;
  }
  return value.length === 1 ? { reason } : null;
};

const readStatus = (flags: CborValue | undefined, battery: CborValue | undefined): StatusReport | null => {
  const read = isUint(flags, 0, 0x0f) ? readFlags(flags) : null;
  return read !== null && isUint(battery, 0, 100) ? { ...read, battery } : null;
};

const readEvent = (value: CborValue): LockEvent | null => {
  if (!isArray(value) || value.length !== 4) return null;
  const [sequence, at, code, actorHash] = value;
  const kind = isUint(code, 0, uint32) ? eventKinds[code - 1] : undefined;
  if (!isUint(sequence, 0, uint32) || !isUint(at, 0, Number.MAX_SAFE_INTEGER) || kind === undefined)
    return null;
  if (actorHash !== null && !(isBytes(actorHash) && actorHash.length === 32)) return null;
  return { sequence, at, kind, actorHash };
};

const readEvents = (list: CborValue | undefined, more: CborValue | undefined): CommandResult | null => {
  if (!isArray(list) || list.length > maxEventsPerAnswer || typeof more !== 'boolean') return null;
  const events = list.map(readEvent);
  return events.every((event) => event !== null) ? { type: 'events', events, more } : null;
};

/** The result that an item holds; null for what is none, or out of its bounds. */
export const resultFrom = (value: CborValue): CommandResult | null => {
  if (!isArray(value)) return null;
  if (value[0] !== done) {
    const refusal = readRefusal(value);
    return refusal === null ? null : { type: 'refused', refusal };
  }
  const [, id, first, second] = value;
  if (value.length === 2) {
    if (id === commandIds.identify) return { type: 'identify' };
    return id === commandIds.release ? { type: 'release' } : null;
  }
  if (value.length === 3) {
    const held = id === commandIds.unlock && isUint(first, 0, maxHoldOpenSeconds);
    return held ? { type: 'unlock', holdOpenSeconds: first } : null;
  }
  if (value.length !== 4) return null;
  if (id === commandIds.events) return readEvents(first, second);
  const status = readStatus(first, second);
  if (status === null) return null;
  if (id === commandIds.provision) return { type: 'provision', status };
  return id === commandIds.status ? { type: 'status', status } : null;
};

/** Throws LinkError `malformed`. */
export const decodeResult = (bytes: Uint8Array): CommandResult => {
  const result = resultFrom(decodeCbor(bytes));
  if (result === null) throw new LinkError('malformed', 'result');
  return result;
};
