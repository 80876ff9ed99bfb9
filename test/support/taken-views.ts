/** Which views a page has taken: it says so itself, and a test goes on once what it showed is on the screen. */
import type { WebSocket } from 'ws';
import { z } from 'zod';

/**
 * Runs in the page before anything else. A task that is posted while a message arrives runs after the page has handled the
 * message and drawn what came of it, which it does in microtasks. It is no timer: a test may hold the page's clock.
 */
export const takenScript = `window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener('message', ({ data }) => {
      const { type, envelope } = JSON.parse(data);
      if (type !== 'snapshot') return;
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        this.send(JSON.stringify({ type: 'taken', sequence: envelope.sequence }));
      };
      port2.postMessage(null);
    });
  }
};`;

const takenSchema = z.strictObject({ type: z.literal('taken'), sequence: z.int() });

export interface TakenViews {
  /** Resolves once the page behind this socket has taken the view with this sequence, or is gone. */
  until(socket: WebSocket, sequence: number): Promise<void>;
  /** Whether this message of the page says that a view was taken. */
  hear(socket: WebSocket, message: unknown): boolean;
  gone(socket: WebSocket): void;
}

export const createTakenViews = (): TakenViews => {
  const waiting = new Map<WebSocket, Map<number, () => void>>();
  return {
    until: (socket, sequence) =>
      new Promise((resolve) => {
        if (socket.readyState !== socket.OPEN) {
          resolve();
          return;
        }
        const bySequence = waiting.get(socket) ?? new Map<number, () => void>();
        waiting.set(socket, bySequence.set(sequence, resolve));
      }),
    hear: (socket, message) => {
      const taken = takenSchema.safeParse(message);
      if (!taken.success) return false;
      waiting.get(socket)?.get(taken.data.sequence)?.();
      waiting.get(socket)?.delete(taken.data.sequence);
      return true;
    },
    gone: (socket) => {
      for (const resolve of waiting.get(socket)?.values() ?? []) resolve();
      waiting.delete(socket);
    },
  };
};
