/**
 * What a peer says on a link's signalling channel (Core 5.4, Vol 3 Part A, 4) is answered. On Linux noble leaves that to the kernel, which
 * knows of the machine's own adapter alone: over any other socket a peer that asks for its connection parameters waits 30 s for nothing, and may
 * end the link for it. The kiosk keeps its own, which are made for a link of a few seconds.
 */
import type { NobleHciBindings } from './noble-types.ts';

/** The signalling channel of Low Energy. */
const channel = 0x0005;
const header = 4;
const code = { commandReject: 0x01, parametersAsked: 0x12, parametersAnswered: 0x13 } as const;
/** Of those that ask for something, all others are for channels that the kiosk has none of. */
const asking: ReadonlySet<number> = new Set([0x06, 0x14, 0x17, 0x19]);
const rejected = 0x0001;
const notUnderstood = 0x0000;

const signal = (is: number, identifier: number, result: number): Buffer =>
  Buffer.from([is, identifier, 2, 0, result & 0xff, result >> 8]);

/** Null for what is an answer itself, or too short to be anything. */
export const signalAnswer = (asked: Buffer): Buffer | null => {
  const [is = 0, identifier = 0] = asked;
  if (asked.length < header || identifier === 0) return null;
  if (is === code.parametersAsked) return signal(code.parametersAnswered, identifier, rejected);
  return asking.has(is) ? signal(code.commandReject, identifier, notUnderstood) : null;
};

/** To be called where no kernel answers. */
export const answerSignals = ({ _hci: hci, _gatts: links }: NobleHciBindings): void => {
  hci.on('aclDataPkt', (handle, on, data) => {
    const answer = on === channel && links[handle] ? signalAnswer(data) : null;
    if (answer) hci.writeAclDataPkt(handle, channel, answer).catch(() => undefined);
  });
};
