/** What the controller answers to each command of noble's, together with what the command had asked for. */
import type { HciSocket } from './hci-socket.ts';
import { opcodeOf, readAnswer } from './hci-events.ts';

export interface Answered {
  /** An HCI error code; 0 for success. */
  readonly status: number;
  /** Of the command that is answered. */
  readonly parameters: Uint8Array;
}

export interface CommandAnswers {
  /** Calls `listener` for each answer to a command with that opcode, until the returned function is called. */
  on(opcode: number, listener: (answered: Answered) => void): () => void;
  dispose(): void;
}

/** Unanswered commands of one kind that are remembered: an adapter that is silent is noticed long before. */
const mostUnanswered = 32;

export const watchCommands = (socket: Pick<HciSocket, 'write' | 'on' | 'removeListener'>): CommandAnswers => {
  const unanswered = new Map<number, Uint8Array[]>();
  const listeners = new Map<number, Set<(answered: Answered) => void>>();
  const write = socket.write.bind(socket);

  socket.write = (packet) => {
    const code = opcodeOf(packet);
    if (code !== null && listeners.has(code)) {
      const before = unanswered.get(code) ?? [];
      unanswered.set(code, [...before, packet.subarray(4)].slice(-mostUnanswered));
    }
    write(packet);
  };
  const heard = (packet: Buffer): void => {
    const answer = readAnswer(packet);
    if (answer?.status == null) return;
    // Answers come in the order of their commands; one that nobody here has asked for is somebody else's.
    const parameters = unanswered.get(answer.opcode)?.shift();
    if (!parameters) return;
    for (const listener of [...(listeners.get(answer.opcode) ?? [])]) {
      listener({ status: answer.status, parameters });
    }
  };
  socket.on('data', heard);

  return {
    on: (code, listener) => {
      const set = listeners.get(code) ?? new Set();
      listeners.set(code, set.add(listener));
      return () => void set.delete(listener);
    },
    dispose: () => {
      listeners.clear();
      socket.removeListener('data', heard);
    },
  };
};
