/**
 * What a kiosk may tell a lock: the plaintext of a record from the kiosk. A command is a CBOR array whose first item
 * names it. `results.ts` holds the answers.
 */
import { isArray, isBytes, isUint, type CborValue } from './cbor/value.ts';
import { encodeCbor } from './cbor/encode.ts';
import { commandIds, maxHoldOpenSeconds, maxToken } from './command-ids.ts';

export type LockCommand =
  | {
      readonly type: 'unlock';
      /** Seconds, 1 to 60. */
      readonly holdOpenSeconds: number;
      /** SHA-256 of the staff member's id, 32 bytes. */
      readonly actorHash: Uint8Array;
      /** The integrator's reason code, 0 (none given) to 255. */
      readonly reasonCode: number;
    }
  | { readonly type: 'provision' }
  | { readonly type: 'identify' }
  | { readonly type: 'status' }
  /** Records of the lock's own ring with a sequence number above `after`, oldest first. */
  | { readonly type: 'events'; readonly after: number }
  /** Back to unprovisioned; needs a token that the root has signed. */
  | { readonly type: 'release'; readonly token: Uint8Array };

const toValue = (command: LockCommand): CborValue => {
  const id = commandIds[command.type];
  switch (command.type) {
    case 'unlock':
      return [id, command.holdOpenSeconds, command.actorHash, command.reasonCode];
    case 'events':
      return [id, command.after];
    case 'release':
      return [id, command.token];
    case 'provision':
    case 'identify':
    case 'status':
      return [id];
  }
};

/** The command that an item names; null for what is none, or out of its bounds. */
export const commandFrom = (value: CborValue): LockCommand | null => {
  if (!isArray(value)) return null;
  const [id, first, second, third] = value;
  if (id === commandIds.unlock) {
    if (value.length !== 4 || !isUint(first, 1, maxHoldOpenSeconds) || !isUint(third, 0, 255)) return null;
    if (!isBytes(second) || second.length !== 32) return null;
    return { type: 'unlock', holdOpenSeconds: first, actorHash: second, reasonCode: third };
  }
  if (id === commandIds.events) {
    return value.length === 2 && isUint(first, 0, 0xffff_ffff) ? { type: 'events', after: first } : null;
  }
  if (id === commandIds.release) {
    if (value.length !== 2 || !isBytes(first) || first.length > maxToken) return null;
    return { type: 'release', token: first };
  }
  if (value.length !== 1) return null;
  if (id === commandIds.provision) return { type: 'provision' };
  if (id === commandIds.identify) return { type: 'identify' };
  return id === commandIds.status ? { type: 'status' } : null;
};

/** Throws RangeError for values that the wire does not carry: the caller's mistake. */
export const encodeCommand = (command: LockCommand): Uint8Array => {
  const value = toValue(command);
  if (commandFrom(value) === null) throw new RangeError(`${command.type}: a value is out of range`);
  return encodeCbor(value);
};
