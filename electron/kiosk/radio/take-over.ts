/**
 * Taking a controller over: it is reset before noble's first word. A controller outlives whoever used it last, and goes on
 * with what it was told: links that nobody holds any more, a connect to a lock that is gone, a scan. After a reset there is
 * none of it (Core 5.4, Vol 4 Part E, 7.3.2), and whatever it said of that before is nobody's.
 */
import { opcode, plainCommand, readAnswer } from './hci-events.ts';
import type { NobleHciBindings } from './noble-types.ts';

/** An adapter that does not do as it is told is noticed by whoever waits for noble to be ready. */
export const takeOver = (hci: NobleHciBindings['_hci'] | undefined): void => {
  if (!hci) return;
  let step: 'down' | 'resetting' | 'ours' = 'down';
  const look = hci.pollIsDevUp.bind(hci);
  const take = hci.onSocketData.bind(hci);

  const lookAtOurs = (): void => {
    const isUp = hci._socket.isDevUp();
    if (!isUp) step = 'down';
    if (!isUp || step === 'ours') {
      look();
      return;
    }
    step = 'resetting';
    hci._socket.write(plainCommand(opcode.reset));
  };

  hci.pollIsDevUp = lookAtOurs;
  hci.onSocketData = (packet) => {
    if (step !== 'resetting') {
      take(packet);
      return;
    }
    const answer = readAnswer(packet);
    if (answer?.opcode !== opcode.reset || answer.status !== 0) return;
    step = 'ours';
    look();
  };
};
