/**
 * Notices an adapter that takes a command and says nothing. While a lock is being connected to, the scan, whose renewals
 * tell that otherwise, stands still; and noble waits for a connection without a thought for whether its command was heard.
 */
import { every } from '#shared/flow/every.ts';
import type { Clock } from '../platform/clock.ts';
import { unlessAnswered } from './deadline.ts';
import { opcode, readAnswer } from './hci-events.ts';
import { hciBindingsOf, type Noble } from './noble-types.ts';

export interface AdapterWatch {
  /**
   * `send` gives the adapter that command. An adapter that does not even say that it has taken it is stuck, unless the
   * returned function is called first.
   */
  expectsAnswer(command: HciCommand, send: () => void): () => void;
  /** From now on the adapter is asked every second whether it lives; the returned function ends that. */
  begin(): () => void;
  dispose(): void;
}

export interface AdapterWatchOptions {
  readonly noble: Noble;
  readonly clock: Clock;
  /** The adapter does not answer. */
  readonly onStuck: () => void;
}

/** Of a connect noble uses either, as the adapter can. */
const opcodes = {
  connect: [opcode.leCreateConnection, opcode.leExtendedCreateConnection],
  areYouThere: [opcode.readLeHostSupported],
} as const;
export type HciCommand = keyof typeof opcodes;

const answerWithinMs = 1_500;
const askEveryMs = 1_000;

export const createAdapterWatch = ({ noble, clock, onStuck }: AdapterWatchOptions): AdapterWatch => {
  const hci = hciBindingsOf(noble)?._hci;
  const waits = new Set<() => void>();

  const expectsAnswer = (command: HciCommand, send: () => void): (() => void) => {
    if (!hci) {
      send();
      return () => undefined;
    }
    const stop = (): void => {
      cancel();
      hci._socket.removeListener('data', heard);
      waits.delete(stop);
    };
    const heard = (packet: Buffer): void => {
      const answered = readAnswer(packet)?.opcode;
      if (opcodes[command].some((one) => one === answered)) stop();
    };
    const cancel = unlessAnswered(clock, answerWithinMs, () => {
      stop();
      onStuck();
    });
    hci._socket.on('data', heard);
    waits.add(stop);
    send();
    return stop;
  };

  const begin = (): (() => void) => {
    if (!hci) return () => undefined;
    return every(clock, askEveryMs, () => {
      expectsAnswer('areYouThere', () => hci.readLeHostSupported());
    });
  };

  return {
    expectsAnswer,
    begin,
    dispose: () => {
      for (const stop of [...waits]) stop();
    },
  };
};
