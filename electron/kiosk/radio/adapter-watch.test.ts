/** How soon an adapter that says nothing is noticed, computed from the periods that the watch is configured with. */
import fc from 'fast-check';
import { describe, expect, it as base } from 'vitest';
import { opcode } from '#simulators/air/hci/codes.ts';
import { createFakeNoble } from '#support/fake-noble.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createAdapterWatch } from './adapter-watch.ts';
import type { Noble } from './noble-types.ts';

/** From the last sign of life to being noticed, while a lock is being connected to. */
const noticesWithinMs = 2_500;
const commandNoticedMs = 1_500;

const status = (code: number): Buffer => Buffer.from([4, 0x0f, 4, 0, 1, code & 0xff, code >> 8]);
const complete = (code: number): Buffer => Buffer.from([4, 0x0e, 4, 1, code & 0xff, code >> 8, 0]);

const it = base
  .extend('clock', () => new ManualClock())
  /** Whether the adapter answers. */
  .extend('answering', () => ({ now: true }))
  .extend('fake', ({ clock, answering }) => {
    const fake: ReturnType<typeof createFakeNoble> = createFakeNoble({
      hci: {
        readLeHostSupported: () => {
          if (answering.now)
            clock.after(5, () => fake.socket.emit('data', complete(opcode.readLeHostSupported)));
        },
      },
    });
    return fake;
  })
  .extend('socket', ({ fake }) => fake.socket)
  /** When it was noticed that the adapter is stuck. */
  .extend('stuck', (): number[] => [])
  .extend(
    'watchOver',
    ({ clock, stuck }) =>
      (noble: Noble) =>
        createAdapterWatch({ noble, clock, onStuck: () => stuck.push(clock.monotonic()) }),
  )
  .extend('watch', ({ watchOver, fake }) => watchOver(fake.noble));

describe('the watch over an adapter', () => {
  it('notices a command that is not answered, whatever else is', async ({ clock, socket, stuck, watch }) => {
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

  it('is content with the answer that a command was taken, or that it is no longer waited for', async ({
    clock,
    socket,
    stuck,
    watch,
  }) => {
    watch.expectsAnswer('connect', () => socket.emit('data', status(opcode.leCreateConnection)));
    watch.expectsAnswer('connect', () => undefined)();
    expect(socket.listenerCount('data')).toBe(0);
    await clock.advance(10_000);
    expect(stuck).toEqual([]);
  });

  it('notices within two and a half seconds that an adapter fell silent, and never one that answers', async ({
    clock,
    answering,
    socket,
    stuck,
    watch,
  }) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), async (livesMs) => {
        answering.now = true;
        stuck.length = 0;
        const end = watch.begin();
        await clock.advance(livesMs);
        expect(stuck).toEqual([]);
        answering.now = false;
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

  it('only asks where HCI can be spoken', async ({ clock, stuck, watchOver }) => {
    const elsewhere = watchOver(createFakeNoble().noble);
    let sent = 0;
    elsewhere.expectsAnswer('connect', () => (sent += 1))();
    elsewhere.begin()();
    await clock.advance(10_000);
    expect(sent).toBe(1);
    expect(stuck).toEqual([]);
  });
});
