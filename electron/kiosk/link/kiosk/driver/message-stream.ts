/** Whole messages over one radio link: cut into frames on the way out, put together on the way in. */
import type { Subscription } from 'rxjs';
import { RadioError, type RadioFailure, type RadioLink } from '../../../radio/port.ts';
import { createReassembler, minFrame, type Fragmenter } from '../../wire/frames.ts';
import { LinkError, type LinkFailure } from '../../wire/link-error.ts';
import type { OperationScope } from './operation-scope.ts';

/** How a wait for a message ended. */
export type Incoming =
  | { readonly type: 'message'; readonly message: Uint8Array }
  | { readonly type: 'broken'; readonly failure: LinkFailure }
  | { readonly type: 'lost'; readonly failure: RadioFailure }
  /** The operation's own end: deadline or cancelled. */
  | { readonly type: 'ended' };

/** Outlives the operation that opened it: each step names the operation that it is part of. */
export interface MessageStream {
  /**
   * Sends a message; `beforeLast` is called before its last frame leaves, because until then the lock has not got it, and
   * may stop the sending by answering false. null once the radio has taken all of it.
   */
  send(
    message: Uint8Array,
    scope: OperationScope,
    beforeLast?: () => boolean,
  ): Promise<Exclude<Incoming, { readonly type: 'message' }> | null>;
  /** The next message. What arrived before the link ended is delivered before its end is. */
  next(scope: OperationScope): Promise<Incoming>;
  /** From the next message on, bytes of a whole frame. */
  resize(frameSize: number): void;
  dispose(): void;
}

/** `fragmenter`: of this link, with which its first message may have been sent already. */
export const createMessageStream = (link: RadioLink, fragmenter: Fragmenter): MessageStream => {
  const reassembler = createReassembler();
  const arrived: Exclude<Incoming, { readonly type: 'ended' }>[] = [];
  let wake: () => void = () => undefined;

  const arrive = (incoming: Exclude<Incoming, { readonly type: 'ended' }>): void => {
    arrived.push(incoming);
    wake();
  };
  const subscription: Subscription = link.frames$.subscribe((frame) => {
    try {
      const message = reassembler.push(frame);
      if (message) arrive({ type: 'message', message });
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      arrive({ type: 'broken', failure: error.failure });
    }
  });
  void link.closed.then((failure) => arrive({ type: 'lost', failure }));

  const sendFrame = async (
    frame: Uint8Array,
    scope: OperationScope,
  ): Promise<Exclude<Incoming, { readonly type: 'message' }> | null> => {
    try {
      const operation = { timeoutMs: scope.remainingMs(), signal: scope.signal };
      const sent = await scope.within(link.send(frame, operation).then(() => true));
      return sent === null ? { type: 'ended' } : null;
    } catch (error) {
      if (!(error instanceof RadioError)) throw error;
      return { type: 'lost', failure: error.failure };
    }
  };

  return {
    send: async (message, scope, beforeLast) => {
      const frames = fragmenter.fragment(message);
      for (const [index, frame] of frames.entries()) {
        if (scope.ending !== null) return { type: 'ended' };
        if (index === frames.length - 1 && beforeLast?.() === false) return { type: 'ended' };
        const problem = await sendFrame(frame, scope);
        if (problem) return problem;
      }
      return null;
    },
    next: async (scope) => {
      for (;;) {
        const first = arrived.shift();
        if (first) return first;
        if (scope.ending !== null) return { type: 'ended' };
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await scope.within(woken);
      }
    },
    // A link of less than what every link carries takes nothing: whoever sends is told so.
    resize: (frameSize) => fragmenter.resize(Math.max(minFrame, Math.min(frameSize, link.maxFrame))),
    dispose: () => subscription.unsubscribe(),
  };
};
