/** The process that forked this one, if any: it is told the address, may move a simulated clock, and is outlived by nothing. */
import { z } from 'zod';

const clockOffsetSchema = z.strictObject({
  type: z.literal('clock-offset'),
  ms: z.int().min(-1e12).max(1e12),
});

export type MessageToParent =
  /** Its page can be opened; it shows that the kiosk is getting ready until it is. */
  | { readonly type: 'opened'; readonly url: string }
  | { readonly type: 'ready'; readonly url: string }
  /** The address was used; this is the next one. */
  | { readonly type: 'address'; readonly url: string };

/** What is used of Node's `process`. */
export interface ProcessChannel {
  readonly connected?: boolean;
  send?(message: MessageToParent): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
}

export interface ParentProcess {
  /** False when there is no parent to tell. */
  tell(message: MessageToParent): boolean;
  onClockOffset(listener: (ms: number) => void): void;
  onGone(listener: () => void): void;
}

export const createParentProcess = (channel: ProcessChannel): ParentProcess => ({
  tell: (message) => channel.connected === true && channel.send?.(message) === true,
  onClockOffset: (listener) => {
    channel.on('message', (message) => {
      const parsed = clockOffsetSchema.safeParse(message);
      if (parsed.success) listener(parsed.data.ms);
    });
  },
  onGone: (listener) => {
    channel.on('disconnect', listener);
  },
});
