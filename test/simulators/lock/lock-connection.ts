/** One link to a lock: frames in and out, its sessions, and their end after a silence. Knows nothing of bolts. */
import type { LockCommand } from '#kiosk/link/wire/commands.ts';
import type { ChainReason } from '#kiosk/link/wire/chain-policy.ts';
import { createFragmenter, createReassembler } from '#kiosk/link/wire/frames.ts';
import { LinkError, type LinkFailure } from '#kiosk/link/wire/link-error.ts';
import type { CommandResult } from '#kiosk/link/wire/results.ts';
import type { AcceptedChain, LockAction, LockSession } from '#kiosk/link/lock/session.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import { messageTypes } from '#kiosk/link/wire/link-messages.ts';
import { mostAgreementsPerLink, type AgreementLimiter } from './agreement-limiter.ts';
import type { LockConnection } from './peripheral.ts';

export interface LockConnectionPorts {
  readonly session: LockSession;
  readonly clock: Clock;
  /** Bytes. */
  readonly frameSize: number;
  /** After this long without a frame the session is over, in milliseconds. */
  readonly silenceMs: number;
  readonly notify: (frame: Uint8Array) => void;
  /** Does what an authenticated, authorised kiosk commands. */
  readonly obey: (command: LockCommand, chain: AcceptedChain) => CommandResult;
  /** Whether to blink for someone who has proven nothing. */
  readonly identify: () => boolean;
  /** Whether a session that fails may be followed by another on the same link. */
  readonly mayFailAgain: () => boolean;
  readonly failed: (failure: LinkFailure, reason: ChainReason | null) => void;
  /** What message 1 costs, and when the next one is answered. */
  readonly agreements: AgreementLimiter;
}

export const createLockConnection = (ports: LockConnectionPorts): LockConnection => {
  const { session, clock, notify, agreements } = ports;
  const fragmenter = createFragmenter(ports.frameSize);
  const reassembler = createReassembler();
  let ended = false;
  let stopWaiting: () => void = () => undefined;
  /** Of this link. */
  let agreed = 0;
  /** The session that goes on has proved nothing yet. */
  let owesAgreement = false;
  let letGo: () => void = () => undefined;

  const end = (): void => {
    ended = true;
    stopWaiting();
    letGo();
  };
  const listenOn = (): void => {
    stopWaiting();
    stopWaiting = clock.after(ports.silenceMs, end);
  };
  const send = (message: Uint8Array): void => {
    for (const frame of fragmenter.fragment(message)) notify(frame);
  };
  const act = (action: LockAction): void => {
    switch (action.type) {
      case 'send':
        send(action.message);
        return;
      case 'command':
        if (owesAgreement) agreements.giveBack();
        owesAgreement = false;
        send(session.answer(ports.obey(action.command, action.chain)).message);
        return;
      case 'identify':
        send(session.answerIdentify(ports.identify()).message);
        return;
      case 'failed':
        ports.failed(action.failure, action.reason);
        if (action.message) send(action.message);
        // Otherwise the link stays up: a kiosk may begin a new session on it.
        if (!ports.mayFailAgain()) end();
    }
  };

  const agree = (message1: Uint8Array): void => {
    letGo();
    if (agreed === mostAgreementsPerLink) {
      end();
      return;
    }
    const waitMs = agreements.waitMs();
    if (waitMs > 0) {
      // Kept, not refused: it may be the owner's. A link has one at a time, and there is one link.
      letGo = clock.after(waitMs, () => agree(message1));
      return;
    }
    agreed += 1;
    agreements.take();
    owesAgreement = true;
    act(session.receive(message1));
  };
  const take = (message: Uint8Array): void => {
    if (message[0] === messageTypes.message1) agree(message);
    else act(session.receive(message));
  };

  listenOn();
  return {
    receive: (frame) => {
      if (ended) return;
      listenOn();
      try {
        const message = reassembler.push(frame);
        if (message) take(message);
      } catch (error) {
        if (!(error instanceof LinkError)) throw error;
        end();
        ports.failed(error.failure, null);
      }
    },
    disconnected: end,
  };
};
