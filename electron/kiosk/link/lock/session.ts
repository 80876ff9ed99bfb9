/**
 * How the lock's end of a session is driven and how it fails. It is a sans-IO state machine: whole messages go in, actions come
 * out, and nothing here waits or knows time.
 *
 *   receive(message_1) ─► message_2  ·  receive(message_3 ‖ record) ─► command  ·  answer() ─► record
 */
import type { ChainReason } from '../wire/chain-policy.ts';
import type { LockCommand } from '../wire/commands.ts';
import type { LinkFailure } from '../wire/link-error.ts';
import type { CommandResult } from '../wire/results.ts';

/** Who the lock talks to, once the chain has been accepted. */
export interface AcceptedChain {
  /** The customer's public key: the intermediate's, an uncompressed P-256 point (65 bytes). `provision` binds to it. */
  readonly customerKey: Uint8Array;
  /** The customer's epoch in the intermediate: the lock keeps the highest seen. */
  readonly customerEpoch: number;
  /** The Key Certificate's key epoch. */
  readonly keyEpoch: number;
}

export type LockAction =
  | { readonly type: 'send'; readonly message: Uint8Array }
  /** An authenticated, authorised command: do it, then call `answer()` with the outcome and send what it returns. */
  | { readonly type: 'command'; readonly command: LockCommand; readonly chain: AcceptedChain }
  /** Plain `identify` with no session, for an unprovisioned lock: call `answerIdentify()`. Rate-limit it. */
  | { readonly type: 'identify' }
  /** The session has ended; `message`, if any, is to be sent first. `reason` says why a chain was refused. */
  | {
      readonly type: 'failed';
      readonly failure: LinkFailure;
      readonly reason: ChainReason | null;
      readonly message: Uint8Array | null;
    };

/** The lock's end: EDHOC responder. No method throws on what the kiosk sends. */
export interface LockSession {
  receive(message: Uint8Array): LockAction;
  /** Encrypts the outcome of the command in hand. Throws if there is none: the lock's own mistake. */
  answer(result: CommandResult): LockAction & { readonly type: 'send' };
  /** Answers a plain `identify`. */
  answerIdentify(accepted: boolean): LockAction & { readonly type: 'send' };
}
