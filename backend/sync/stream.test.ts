/** Streams to kiosks: a reader that has gone costs its place for a quarter of a minute at the most. */
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStreams } from './stream.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const createResponse = (): ServerResponse => new ServerResponse(new IncomingMessage(new Socket()));

test('one that has not taken what it was sent is closed within 15 s, one that has is told that it is not forgotten', () => {
  const hub = { onStore: () => () => undefined, onRevoked: () => () => undefined };
  const streams = createStreams(hub);
  const [behind, quick] = [createResponse(), createResponse()];
  streams.add({ storeId: 'store', kioskId: 'one' }, behind);
  streams.add({ storeId: 'store', kioskId: 'two' }, quick);
  // More than a connection takes for a reader that does not read.
  behind.write('x'.repeat(1_000_000));
  expect(behind.writableNeedDrain).toBe(true);
  const told = vi.spyOn(quick, 'write');
  vi.advanceTimersByTime(14_999);
  expect([behind.destroyed, told.mock.calls.length]).toEqual([false, 0]);
  vi.advanceTimersByTime(1);
  expect([behind.destroyed, told.mock.calls.length]).toEqual([true, 1]);
  expect(quick.destroyed).toBe(false);
  streams.dispose();
});
