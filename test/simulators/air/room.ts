/**
 * The room that a controller has for its host (Core 5.4, Vol 4 Part E, 4.1 and 4.4): so many commands that are not answered yet,
 * so many data packets that are not acknowledged yet, each so long. What is beyond it is lost without a word.
 */

export interface Overruns {
  readonly commands: number;
  readonly packets: number;
  /** Data packets longer than the controller said it takes. */
  readonly tooLong: number;
}

export interface Room {
  /** False: there is no room for this command, it is lost. */
  takeCommand(): boolean;
  /** An answer is on its way to the host; the commands that the host may send after it. */
  answer(): number;
  /** False: there is no room for this packet, it is lost. */
  takePacket(handle: number, length: number): boolean;
  acknowledge(handle: number, count: number): void;
  /** The link is gone, and what was in its buffers with it. */
  forget(handle: number): void;
  forgetLinks(): void;
  /** No answer is on its way any more. */
  forgetCommands(): void;
  overruns(): Overruns;
}

export interface RoomOptions {
  /** Commands at once; null for a host whose own kernel counts them. */
  readonly commands: number | null;
  readonly packets: () => number;
  readonly packetLength: () => number;
}

export const createRoom = ({ commands, packets, packetLength }: RoomOptions): Room => {
  const held = new Map<number, number>();
  const over = { commands: 0, packets: 0, tooLong: 0 };
  let unanswered = 0;

  return {
    takeCommand: () => {
      if (commands !== null && unanswered >= commands) {
        over.commands += 1;
        return false;
      }
      unanswered += 1;
      return true;
    },
    answer: () => {
      unanswered = Math.max(0, unanswered - 1);
      return commands === null ? 1 : commands - unanswered;
    },
    takePacket: (handle, length) => {
      const all = [...held.values()].reduce((sum, count) => sum + count, 0);
      const isTooLong = length > packetLength();
      const isOver = all >= packets();
      if (isTooLong) over.tooLong += 1;
      if (isOver) over.packets += 1;
      if (commands !== null && (isTooLong || isOver)) return false;
      held.set(handle, (held.get(handle) ?? 0) + 1);
      return true;
    },
    acknowledge: (handle, count) => held.set(handle, Math.max(0, (held.get(handle) ?? 0) - count)),
    forget: (handle) => held.delete(handle),
    forgetLinks: () => held.clear(),
    forgetCommands: () => {
      unanswered = 0;
    },
    overruns: () => ({ ...over }),
  };
};
