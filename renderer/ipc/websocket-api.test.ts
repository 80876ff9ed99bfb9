import { describe, expect, it as base } from 'vitest';
import { createWebSocketApi, type SocketListener } from './websocket-api.ts';

/** The wire and the timers, as a test sees them. */
const createWire = () => {
  const sockets: {
    listener: SocketListener;
    sent: { type: string; [key: string]: unknown }[];
    closed: boolean;
  }[] = [];
  const timers: { ms: number; task: () => void }[] = [];
  return {
    sockets,
    timers,
    last: () => sockets.at(-1)!,
    ports: {
      open: (listener: SocketListener) => {
        const socket = { listener, sent: [] as { type: string }[], closed: false };
        sockets.push(socket);
        return {
          send: (text: string) => void socket.sent.push(JSON.parse(text) as { type: string }),
          close: () => void (socket.closed = true),
        };
      },
      after: (ms: number, task: () => void) => {
        const timer = { ms, task };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
      },
      float: () => 1,
    },
  };
};

const snapshot = (sequence: number, epoch = 'e') =>
  JSON.stringify({
    type: 'snapshot',
    envelope: { stream: 'newLocks', epoch, sequence, snapshot: { locks: [] } },
  });

const it = base
  .extend('client', () => {
    const wire = createWire();
    return { wire, api: createWebSocketApi(wire.ports) };
  })
  .extend('wire', ({ client }) => client.wire)
  .extend('api', ({ client }) => client.api);

describe('calls', () => {
  it('answers with what the core answered', async ({ wire, api }) => {
    wire.last().listener.opened();
    const answer = api.calls.signOut(null);
    expect(wire.last().sent).toEqual([{ type: 'call', id: 0, name: 'signOut', input: null }]);
    wire
      .last()
      .listener.received(JSON.stringify({ type: 'answer', id: 0, answer: { ok: true, value: null } }));
    expect(await answer).toEqual({ ok: true, value: null });
    expect(wire.timers).toHaveLength(0);
  });

  it('ends calls in flight when the connection is lost, and refuses new ones until it is back', async ({
    wire,
    api,
  }) => {
    wire.last().listener.opened();
    const inFlight = api.calls.signOut(null);
    wire.last().listener.closed();
    expect(await inFlight).toMatchObject({ ok: false, error: { code: 'ipc.disconnected' } });
    expect(await api.calls.signOut(null)).toMatchObject({ ok: false, error: { code: 'ipc.disconnected' } });
  });

  it('wait for the first connection, in their order, and are not sent once their time has run out', async ({
    wire,
    api,
  }) => {
    const late = api.calls.touch(null);
    wire.timers[0]!.task();
    expect(await late).toMatchObject({ error: { code: 'ipc.timeout' } });
    void api.calls.signOut(null);
    void api.calls.syncNow(null);
    api.streams.newLocks(() => undefined);
    expect(wire.last().sent).toEqual([]);
    wire.last().listener.opened();
    expect(wire.last().sent).toMatchObject([{ type: 'subscribe' }, { name: 'signOut' }, { name: 'syncNow' }]);
    wire.last().listener.closed();
    wire.timers.at(-1)!.task();
    wire.last().listener.opened();
    expect(wire.last().sent).toMatchObject([{ type: 'subscribe' }]);
  });

  it('of which too many wait for the first connection, or that is refused, are ended', async ({
    wire,
    api,
  }) => {
    const waiting = Array.from({ length: 32 }, () => api.calls.touch(null));
    expect(await api.calls.touch(null)).toMatchObject({ error: { code: 'ipc.disconnected' } });
    wire.last().listener.closed();
    for (const each of waiting) expect(await each).toMatchObject({ error: { code: 'ipc.disconnected' } });
  });

  it('gives up on an answer that never comes', async ({ wire, api }) => {
    wire.last().listener.opened();
    const answer = api.calls.signOut(null);
    wire.timers[0]!.task();
    expect(await answer).toMatchObject({ ok: false, error: { code: 'ipc.timeout' } });
  });

  it.for([
    'not JSON',
    '{"type":"answer"}',
    '{"type":"answer","id":0,"answer":{"ok":true,"value":1},"more":1}',
    7,
  ])('does not take %s for an answer', async (junk, { wire, api }) => {
    wire.last().listener.opened();
    const answer = api.calls.signOut(null);
    wire.last().listener.received(junk);
    wire.timers[0]!.task();
    expect(await answer).toMatchObject({ ok: false, error: { code: 'ipc.timeout' } });
  });
});

describe('streams', () => {
  it('subscribes when connected, shares one subscription, and replays what is known', ({ wire, api }) => {
    const first: number[] = [];
    const second: number[] = [];
    const stopFirst = api.streams.newLocks((envelope) => first.push(envelope.sequence));
    wire.last().listener.opened();
    wire.last().listener.received(snapshot(4));
    const stopSecond = api.streams.newLocks((envelope) => second.push(envelope.sequence));
    expect([first, second]).toEqual([[4], [4]]);
    expect(wire.last().sent).toEqual([{ type: 'subscribe', stream: 'newLocks' }]);
    stopFirst();
    stopSecond();
    expect(wire.last().sent.at(-1)).toEqual({ type: 'unsubscribe', stream: 'newLocks' });
  });

  it('subscribes again after a reconnection', ({ wire, api }) => {
    api.streams.newLocks(() => undefined);
    wire.last().listener.opened();
    wire.last().listener.closed();
    wire.timers[0]!.task();
    wire.last().listener.opened();
    expect(wire.sockets).toHaveLength(2);
    expect(wire.last().sent).toEqual([{ type: 'subscribe', stream: 'newLocks' }]);
  });
});

describe('the connection', () => {
  it('waits longer from try to try, up to a bound, and starts over after a success', ({ wire }) => {
    const waits: number[] = [];
    for (let n = 0; n < 8; n += 1) {
      wire.last().listener.closed();
      const timer = wire.timers.pop()!;
      waits.push(timer.ms);
      timer.task();
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
    wire.last().listener.opened();
    wire.last().listener.closed();
    expect(wire.timers.pop()!.ms).toBe(250);
  });

  it('tells when it is lost and back', ({ wire, api }) => {
    const seen: boolean[] = [];
    api.onLink((linked) => seen.push(linked));
    wire.last().listener.opened();
    wire.last().listener.closed();
    wire.timers[0]!.task();
    wire.last().listener.opened();
    expect(seen).toEqual([true, false, true]);
  });

  it('is not lost before it was there, unless it is refused', ({ wire, api }) => {
    const seen: boolean[] = [];
    api.onLink((linked) => seen.push(linked));
    expect(seen).toEqual([true]);
    wire.last().listener.closed();
    expect(seen).toEqual([true, false]);
  });

  it('stays closed once disposed', ({ wire, api }) => {
    wire.last().listener.opened();
    api.dispose();
    expect(wire.last().closed).toBe(true);
    expect(wire.timers).toHaveLength(0);
  });
});
