import fc from 'fast-check';
import { describe, expect, it as base } from 'vitest';
import { FakeRadioProcess } from '#support/fake-radio-process.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import type { RadioLink, RadioState } from './port.ts';
import { createRadioClient } from './radio-client.ts';

const it = base
  .extend('clock', () => new ManualClock())
  .extend('client', async ({ clock }) => {
    const processes: FakeRadioProcess[] = [];
    const states: RadioState[] = [];
    const radio = createRadioClient({
      spawn: () => {
        const process = new FakeRadioProcess(processes.length + 1);
        processes.push(process);
        return process;
      },
      clock,
      random: seededRandom(1),
      logger: createRecordingLogger(),
      config: { h4: '127.0.0.1:7000' },
    });
    radio.state$.subscribe((state) => states.push(state));
    await clock.advance(0);
    return { radio, processes, states };
  })
  .extend('radio', ({ client }) => client.radio)
  .extend('processes', ({ client }) => client.processes)
  .extend('states', ({ client }) => client.states)
  .extend(
    'current',
    ({ processes }) =>
      (): FakeRadioProcess =>
        processes.at(-1)!,
  )
  .extend('ready', ({ clock, current }) => async (): Promise<void> => {
    current().say({ type: 'state', state: 'ready' });
    await clock.advance(0);
  })
  .extend('openLink', ({ clock, radio, current }) => async (): Promise<RadioLink> => {
    const opening = radio.connect('aa', { timeoutMs: 1_000 });
    await clock.advance(0);
    current().say({ type: 'done', id: current().last('connect').id, maxFrame: 200 });
    return opening;
  });

describe('the radio client', { timeout: 60_000 }, () => {
  it('hands the configuration to the process first', ({ current }) => {
    expect(current().told[0]).toEqual({ type: 'start', config: { h4: '127.0.0.1:7000' } });
  });

  it('replaces a process that hangs, and one only', async ({ clock, processes, states, current, ready }) => {
    await ready();
    current().hanging = true;
    await clock.advance(3_000);
    expect(processes[0]!.killed).toBe(true);
    expect(processes).toHaveLength(2);
    await ready();
    await clock.advance(60_000);
    expect(processes).toHaveLength(2);
    expect(states).toEqual(['starting', 'ready', 'starting', 'ready']);
  });

  it('does not take a machine that slept for a process that hangs', async ({ clock, processes, ready }) => {
    await ready();
    await clock.advance(300);
    clock.jump(3_600_000);
    await clock.advance(2_000);
    expect(processes).toHaveLength(1);
  });

  it('starts again with growing pauses and shows that it is stuck', async ({
    clock,
    processes,
    states,
    current,
    ready,
  }) => {
    for (let crash = 0; crash < 6; crash += 1) {
      current().exit();
      await clock.advance(2_000);
    }
    expect(processes).toHaveLength(7);
    expect(states).toEqual(['starting', 'stuck']);
    await ready();
    expect(states.at(-1)).toBe('ready');
  });

  it('ends calls and links with `radio_restarted` when the process is lost', async ({
    current,
    ready,
    openLink,
  }) => {
    await ready();
    const link = await openLink();
    const reading = link.read('info', { timeoutMs: 1_000 });
    current().exit();
    await expect(reading).rejects.toMatchObject({ failure: 'radio_restarted' });
    expect(await link.closed).toBe('radio_restarted');
    await expect(link.send(new Uint8Array(1), { timeoutMs: 1 })).rejects.toMatchObject({
      failure: 'radio_restarted',
    });
  });

  it('waits for the radio within the time it has', async ({ clock, radio, current }) => {
    const waiting = radio.connect('aa', { timeoutMs: 500 });
    const refused = expect(waiting).rejects.toMatchObject({ failure: 'radio_restarted' });
    await clock.advance(600);
    await refused;
    expect(current().told.some(({ type }) => type === 'connect')).toBe(false);
  });

  it('refuses at once without a dongle', async ({ clock, radio, current }) => {
    current().say({ type: 'state', state: 'no_dongle' });
    await clock.advance(0);
    await expect(radio.connect('aa', { timeoutMs: 500 })).rejects.toMatchObject({ failure: 'no_dongle' });
  });

  it('keeps "no dongle" on show while a new process looks for one', async ({ clock, states, current }) => {
    current().say({ type: 'state', state: 'no_dongle' });
    await clock.advance(0);
    current().exit();
    await clock.advance(2_000);
    current().say({ type: 'state', state: 'starting' });
    await clock.advance(0);
    expect(states).toEqual(['starting', 'no_dongle']);
  });

  it('closes a link that opens after its caller has left', async ({ clock, radio, current, ready }) => {
    await ready();
    const abort = new AbortController();
    const opening = radio.connect('aa', { timeoutMs: 1_000, signal: abort.signal });
    await clock.advance(0);
    const { id } = current().last('connect');
    abort.abort();
    await expect(opening).rejects.toMatchObject({ failure: 'cancelled' });
    expect(current().last('cancel').id).toBe(id);
    current().say({ type: 'done', id, maxFrame: 200 });
    await clock.advance(0);
    expect(current().last('close').link).toBe(id);
  });

  it('keeps the frames in order and completes them with the link', async ({ current, ready, openLink }) => {
    await ready();
    const link = await openLink();
    const frames: number[] = [];
    let complete = false;
    link.frames$.subscribe({ next: (frame) => frames.push(frame[0]!), complete: () => (complete = true) });
    const { id } = current().last('connect');
    for (const byte of [1, 2, 3]) current().say({ type: 'frame', link: id, frame: Uint8Array.of(byte) });
    current().say({ type: 'ended', link: id, failure: 'link_lost' });
    expect(await link.closed).toBe('link_lost');
    expect(frames).toEqual([1, 2, 3]);
    expect(complete).toBe(true);
  });

  it('shows a process that hangs as starting, and has another within three seconds', async ({
    clock,
    processes,
    states,
    current,
    ready,
  }) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 5_000 }), async (hangsAt) => {
        await ready();
        const before = processes.length;
        await clock.advance(hangsAt);
        current().hanging = true;
        const since = clock.monotonic();
        while (processes.length === before) await clock.advance(50);
        expect(clock.monotonic() - since).toBeLessThanOrEqual(3_000);
        expect(states.at(-1)).toBe('starting');
      }),
      { numRuns: 20 },
    );
  });

  it('has a process within two seconds of the end of whatever kept every process from living', async ({
    clock,
    processes,
    states,
    current,
    ready,
  }) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60_000 }), async (livesForMs) => {
        await ready();
        const endsAt = clock.monotonic() + livesForMs;
        while (clock.monotonic() < endsAt) {
          current().exit();
          await clock.advance(50);
        }
        const dead = processes.length;
        const isGone = !current().living;
        await clock.advance(2_000);
        if (isGone) expect(processes.length).toBe(dead + 1);
        expect(current().living).toBe(true);
        expect(['starting', 'stuck']).toContain(states.at(-1));
      }),
      { numRuns: 10 },
    );
  });

  it('survives whatever the process says', async ({ clock, processes, current, ready }) => {
    await ready();
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (junk) => {
        current().sayAnything(junk);
        await clock.advance(0);
        expect(processes).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});
