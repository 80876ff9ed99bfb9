/** Whatever a host wants to say at once, its controller is never told more than it has room for. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCommandQueue } from './command-queue.ts';
import { opcode, plainCommand } from './hci-events.ts';

const complete = (code: number, credit: number): Buffer =>
  Buffer.from([4, 0x0e, 4, credit, code & 0xff, code >> 8, 0]);
const commandStatus = (code: number, credit: number): Buffer =>
  Buffer.from([4, 0x0f, 4, 0, credit, code & 0xff, code >> 8]);
const room = (credit: number): Buffer => Buffer.from([4, 0x0e, 3, credit, 0, 0]);

it('one command is out at a time, in order, and none while there is no room', () => {
  const answers = fc.array(fc.record({ credit: fc.integer({ min: 0, max: 4 }), byStatus: fc.boolean() }), {
    minLength: 20,
    maxLength: 20,
  });
  fc.assert(
    fc.property(answers, fc.integer({ min: 1, max: 20 }), (list, atOnce) => {
      const sent: number[] = [];
      const queue = createCommandQueue((command) => sent.push((command[1] ?? 0) | ((command[2] ?? 0) << 8)));
      for (let code = 1; code <= atOnce; code += 1) queue.push(plainCommand(code));
      for (let done = 1; done <= atOnce; done += 1) {
        expect(sent).toEqual(Array.from({ length: done }, (_, index) => index + 1));
        const { credit = 1, byStatus = false } = list[done - 1] ?? {};
        queue.heard(byStatus ? commandStatus(done, credit) : complete(done, credit));
        if (credit > 0) continue;
        expect(sent).toHaveLength(done);
        queue.heard(room(0));
        expect(sent).toHaveLength(done);
        queue.heard(room(2));
      }
      expect(sent).toHaveLength(atOnce);
    }),
  );
});

it('an answer to a command of somebody else is not taken for its own', () => {
  const sent: number[] = [];
  const queue = createCommandQueue((command) => sent.push(command[1] ?? 0));
  queue.push(plainCommand(opcode.reset));
  queue.push(plainCommand(opcode.readLeHostSupported));
  queue.heard(complete(opcode.leReadBufferSize, 1));
  queue.heard(Buffer.from([4, 0x3e, 2, 2, 0]));
  expect(sent).toEqual([0x03]);
  queue.heard(complete(opcode.reset, 1));
  expect(sent).toEqual([0x03, 0x6c]);
});
