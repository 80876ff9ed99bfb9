/** Lengths at their bound and one beyond, and critical EAD in the first message: docs/link.md, "Frames" and "EDHOC". */
import { expect, test } from 'vitest';
import { lockEnd } from '#support/link-world.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { startInitiator } from './kiosk/initiator.ts';
import { drawEphemeral, suite2 } from './wire/edhoc/suites.ts';
import { createReassembler, maxFrame, maxMessage } from './wire/frames.ts';
import { linkMessage, messageTypes } from './wire/link-messages.ts';

const frame = (sequence: number, length: number, last = false): Uint8Array =>
  new Uint8Array(length).with(0, (last ? 0x80 : 0) | sequence);

test('a frame has 512 bytes at the most', () => {
  expect(createReassembler().push(frame(0, maxFrame, true))).toHaveLength(511);
  expect(() => createReassembler().push(frame(0, maxFrame + 1, true))).toThrow(/^bad_frame/);
});

test('a message has 2048 bytes at the most', () => {
  const ofLength = (length: number): Uint8Array | null => {
    const reassembler = createReassembler();
    for (let sequence = 0; sequence < 4; sequence += 1) reassembler.push(frame(sequence, 512));
    return reassembler.push(frame(4, length - 4 * 511 + 1, true));
  };
  expect(ofLength(maxMessage)).toHaveLength(2048);
  expect(() => ofLength(maxMessage + 1)).toThrow(/^bad_frame/);
});

test('a critical item in message 1 ends the session, any other is left aside', () => {
  const answerTo = (critical: boolean) => {
    const ephemeral = drawEphemeral(suite2, seededRandom(1));
    const { message1 } = startInitiator(suite2, ephemeral, 0, [{ label: 40_000, critical, value: null }]);
    return lockEnd().receive(linkMessage(messageTypes.message1, message1));
  };
  expect(answerTo(true)).toMatchObject({ type: 'failed', failure: 'unsupported' });
  expect(answerTo(false)).toMatchObject({ type: 'send' });
});
