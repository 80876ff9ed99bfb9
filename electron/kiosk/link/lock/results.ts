/** How a lock writes its answer to a command: the plaintext of a record from the lock. */
import { encodeCbor } from '../wire/cbor/encode.ts';
import type { CborValue } from '../wire/cbor/value.ts';
import { chainReasons } from '../wire/chain-policy.ts';
import { commandIds } from '../wire/command-ids.ts';
import {
  done,
  eventKinds,
  refusals,
  resultFrom,
  type CommandResult,
  type Refusal,
  type StatusReport,
} from '../wire/results.ts';
import { flagsByte } from './flags.ts';

const refusalValue = (refusal: Refusal): CborValue => {
  const code = refusals.indexOf(refusal.reason) + 1;
  if (refusal.reason === 'chain') return [code, chainReasons.indexOf(refusal.chain) + 1];
  if (refusal.reason === 'locked_out') return [code, refusal.retryAfterSeconds];
  return [code];
};

const statusValues = (status: StatusReport): CborValue[] => [flagsByte(status), status.battery];

const toValue = (result: CommandResult): CborValue => {
  switch (result.type) {
    case 'refused':
      return refusalValue(result.refusal);
    case 'unlock':
      return [done, commandIds.unlock, result.holdOpenSeconds];
    case 'provision':
    case 'status':
      return [done, commandIds[result.type], ...statusValues(result.status)];
    case 'events':
      return [
        done,
        commandIds.events,
        result.events.map((event) => [
          event.sequence,
          event.at,
          eventKinds.indexOf(event.kind) + 1,
          event.actorHash,
        ]),
        result.more,
      ];
    case 'identify':
    case 'release':
      return [done, commandIds[result.type]];
  }
};

/** Throws RangeError for values that the wire does not carry: the lock's mistake. */
export const encodeResult = (result: CommandResult): Uint8Array => {
  const value = toValue(result);
  if (resultFrom(value) === null) throw new RangeError(`${result.type}: a value is out of range`);
  return encodeCbor(value);
};
