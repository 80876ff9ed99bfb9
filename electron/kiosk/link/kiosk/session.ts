/**
 * How the kiosk's end of a session is driven and how it fails. It is a sans-IO state machine: whole messages go in (frames.ts
 * takes them apart for the air), actions come out, and nothing here waits or knows time.
 *
 *   start ─► message_1  ·  receive(message_2) ─► ready  ·  command() ─► message_3 ‖ record  ·  receive(record) ─► result
 */
import type { LockCommand } from '../wire/commands.ts';
import type { LinkFailure } from '../wire/link-error.ts';
import type { CommandResult } from '../wire/results.ts';
import type { Signer } from '../wire/signing.ts';

export type KioskAction =
  /** Send this message. `committed`: it carries a command, stopping is no longer possible. */
  | { readonly type: 'send'; readonly message: Uint8Array; readonly committed: boolean }
  /** The lock is authenticated and waits for `command()`. */
  | {
      readonly type: 'ready';
      /** The lock's ephemeral key (32 bytes), when it asks for a time token over it; else null. */
      readonly timeChallenge: Uint8Array | null;
      /** The frame size of a lock that takes an early start on the next connection (docs/link.md); null where it says nothing. */
      readonly earlyStart: number | null;
      /**
       * What the lock answers, authenticated, to `captureChallenge`: its proof, not yet judged (capture-proof.ts); null from a
       * lock that is not new. Left out where nothing was asked, and by a lock of version 1 of the link.
       */
      readonly captureProof?: Uint8Array | null;
    }
  /** The lock's authenticated answer. The session stays open for a further `command()`, except after a refused chain and after a release. */
  | { readonly type: 'result'; readonly result: CommandResult }
  /** The session has ended. `committed`: a command had left and its outcome is unknown. */
  | { readonly type: 'failed'; readonly failure: LinkFailure; readonly committed: boolean };

/** The kiosk's end: EDHOC initiator. No method throws, whatever the lock sends. */
export interface KioskSession {
  /** Answers the action that sends message_1. Once, first. */
  start(): KioskAction & { readonly type: 'send' };
  /** A whole message from the lock. */
  receive(message: Uint8Array): KioskAction;
  /**
   * Sends a command. With the first goes message_3, which `credentials` name and sign: a session can get as far as `ready` while
   * they are still locked away. One at a time: the next one after the result.
   */
  command(
    command: LockCommand,
    credentials: SessionCredentials,
    attachments?: SessionAttachments,
  ): KioskAction;
}

/** Who the kiosk proves to be. The caller has judged the certificates by `checkChain`. */
export interface SessionCredentials {
  /** Key Certificate and intermediate, DER. */
  readonly keyCertificate: Uint8Array;
  readonly intermediate: Uint8Array;
  /** Signs with the Key Certificate's private key: `signerFor` in wire/signing.ts. */
  readonly sign: Signer;
}

/** What the first command carries beside it, in EAD_3. */
export interface SessionAttachments {
  /** A time token over `timeChallenge` (docs/link.md, "Time token"). */
  readonly timeToken?: Uint8Array;
  /** A signed revocation list (docs/link.md, "Revocation list"). */
  readonly revocationList?: Uint8Array;
  /** The list did not fit beside the chain and stays behind: for another session. */
  readonly onListLeftOut?: () => void;
}
