/** How soon an adapter that says nothing is noticed, computed from the periods that the watch is configured with. */
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { opcode } from '#simulators/air/hci/codes.ts';
import { createFakeNoble } from '#support/fake-noble.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createAdapterWatch, type AdapterWatch } from './adapter-watch.ts';
import type { HciSocket } from './hci-socket.ts';
import type { Noble } from './noble-types.ts';

/** From the last sign of life to being noticed, while a lock is being connected to. */
const noticesWithinMs = 2_500;
const commandNoticedMs = 1_500;

const status = (code: number): Buffer => Buffer.from([4, 0x0f, 4, 0, 1, code & 0xff, code >> 8]);
const complete = (code: number): Buffer => Buffer.from([4, 0x0e, 4, 1, code & 0xff, code >> 8, 0]);

let clock: ManualClock;
let socket: HciSocket;
let answers: boolean;
let stuck: number[];
let watch: AdapterWatch;

const watchOver = (noble: Noble): AdapterWatch =>
  createAdapterWatch({ noble, clock, onStuck: () => stuck.push(clock.monotonic()) });

beforeEach(() => {
  clock = new ManualClock();
  answers = true;
  stuck = [];
  const readLeHostSupported = (): void => {
    if (answers) clock.after(5, () => socket.emit('data', complete(opcode.readLeHostSupported)));
  };
  const fake = createFakeNoble({ hci: { readLeHostSupported } });
  socket = fake.socket;
  watch = watchOver(fake.noble);
});

describe('the watch over an adapter', () => {
  it('notices a command that is not answered, whatever else is', async () => {
    watch.expectsAnswer('connect', () => undefined);
    for (let ms = 100; ms < commandNoticedMs; ms += 100) {
      await clock.advance(100);
      socket.emit('data', complete(opcode.readLeHostSupported));
      socket.emit('data', Buffer.from([2, 0, 0]));
    }
    expect(stuck).toEqual([]);
    await clock.advance(100);
    expect(stuck).toEqual([commandNoticedMs]);
    expect(socket.listenerCount('data')).toBe(0);
  });

  it('is content with the answer that a command was taken, or that it is no longer waited for', async () => {
    watch.expectsAnswer('connect', () => socket.emit('data', status(opcode.leCreateConnection)));
    watch.expectsAnswer('connect', () => undefined)();
    expect(socket.listenerCount('data')).toBe(0);
    await clock.advance(10_000);
    expect(stuck).toEqual([]);
  });

  it('notices within two and a half seconds that an adapter fell silent, and never one that answers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), async (livesMs) => {
        answers = true;
        stuck = [];
        const end = watch.begin();
        await clock.advance(livesMs);
        expect(stuck).toEqual([]);
        answers = false;
        const since = clock.monotonic();
        // What was asked just before may still be answered.
        await clock.advance(noticesWithinMs);
        expect(stuck[0]).toBeLessThanOrEqual(since + noticesWithinMs);
        end();
        watch.dispose();
        expect(socket.listenerCount('data')).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('only asks where HCI can be spoken', async () => {
    const elsewhere = watchOver(createFakeNoble().noble);
    let sent = 0;
    elsewhere.expectsAnswer('connect', () => (sent += 1))();
    elsewhere.begin()();
    await clock.advance(10_000);
    expect(sent).toBe(1);
    expect(stuck).toEqual([]);
  });
});
