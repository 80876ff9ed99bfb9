/**
 * Commands in single file: the next one leaves when the one before has its answer and the controller says that it has room
 * for one (Core 5.4, Vol 4 Part E, 4.4). noble writes seven at once, which a kernel would pace; a small controller behind H4
 * drops what is beyond its buffers without a word.
 */
import { opcodeOf, readAnswer } from './hci-events.ts';

export interface CommandQueue {
  /** Sends it, now or when it is its turn. */
  push(command: Uint8Array): void;
  /** Every packet of the controller, for the answers among them. */
  heard(packet: Buffer): void;
}

export const createCommandQueue = (send: (command: Uint8Array) => void): CommandQueue => {
  const waiting: Uint8Array[] = [];
  let unanswered: number | null = null;
  // Before its first answer a controller takes one.
  let hasRoom = true;

  const go = (): void => {
    if (unanswered !== null || !hasRoom) return;
    const command = waiting.shift();
    if (!command) return;
    unanswered = opcodeOf(command);
    send(command);
  };

  return {
    push: (command) => {
      waiting.push(command);
      go();
    },
    heard: (packet) => {
      const answer = readAnswer(packet);
      if (!answer) return;
      hasRoom = answer.credit > 0;
      if (answer.opcode === unanswered) unanswered = null;
      go();
    },
  };
};
