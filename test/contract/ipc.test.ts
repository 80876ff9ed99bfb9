/** The IPC contract over both transports: every call, every stream, and what no page would send. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { KioskApi } from '#kiosk/ipc/api.ts';
import { createFakeKioskApi, goodInputs, goodOutputs, quietStore } from '#support/fake-kiosk-api.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import { callNames, streamNames } from '#shared/ipc/contract.ts';
import { maxClientMessageBytes, type SnapshotEnvelope } from '#shared/ipc/envelope.ts';
import { electronTransport } from './transports/electron-transport.ts';
import type { OpenTransport } from './transports/transport.ts';
import { websocketTransport } from './transports/websocket-transport.ts';

const canary = 'c4n4ry-s3cr3t';

describe.each([electronTransport, websocketTransport])('over $name', (kind) => {
  const opened: OpenTransport[] = [];
  const openWith = async (handlers: Partial<KioskApi['calls']> = {}) => {
    const api = createFakeKioskApi(handlers);
    const transport = await kind.open(api);
    opened.push(transport);
    return { api, transport };
  };
  afterEach(async () => {
    for (const transport of opened.splice(0)) await transport.dispose();
  });

  it.each(callNames)('%s reaches its handler and its answer comes back', async (name) => {
    const { api, transport } = await openWith();
    expect(await transport.page.calls[name](goodInputs[name])).toEqual({
      ok: true,
      value: goodOutputs[name],
    });
    expect(api.seen).toMatchObject([{ name, input: goodInputs[name] }]);
  });

  it.each(streamNames)('%s gives its current snapshot and the later ones', async (name) => {
    const { transport } = await openWith();
    const envelope = await new Promise<SnapshotEnvelope>((resolve) => {
      transport.page.streams[name](resolve);
    });
    expect(envelope).toMatchObject({ stream: name, snapshot: quietStore[name], sequence: 0 });
  });

  it('sends later snapshots in order, within one epoch, and none once unsubscribed', async () => {
    const { api, transport } = await openWith();
    const seen: SnapshotEnvelope[] = [];
    let next = (): void => undefined;
    const arrival = (): Promise<void> => new Promise((resolve) => (next = resolve));
    const first = arrival();
    const unsubscribe = transport.page.streams.kiosk((envelope) => {
      seen.push(envelope);
      next();
    });
    await first;
    for (const now of [1, 2, 3]) {
      const later = arrival();
      api.streams.kiosk.next({ ...quietStore.kiosk, now });
      await later;
    }
    expect(seen.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3]);
    expect(new Set(seen.map(({ epoch }) => epoch)).size).toBe(1);
    unsubscribe();
    await transport.page.calls.touch(null);
    api.streams.kiosk.next({ ...quietStore.kiosk, now: 4 });
    await transport.page.calls.touch(null);
    expect(seen).toHaveLength(4);
    expect(api.streams.kiosk.observed).toBe(false);
  });

  it('answers a declared error with its code and parameters', async () => {
    const { transport } = await openWith({
      signIn: () => Promise.resolve(fail('staff.wrong_pin', { attemptsLeft: 2 })),
    });
    expect(await transport.page.calls.signIn(goodInputs.signIn)).toMatchObject({
      ok: false,
      error: { code: 'staff.wrong_pin', params: { attemptsLeft: 2 } },
    });
  });

  it('refuses names that are no call, and goes on serving', async () => {
    const { api, transport } = await openWith();
    for (const name of ['', 'constructor', '__proto__', 'Unlock', 'unlock ', 'kiosk', 7]) {
      const answer = await transport.callRaw(name, null);
      if (answer !== 'no such call') expect(answer).toMatchObject({ error: { code: 'ipc.bad_request' } });
    }
    expect(api.seen).toEqual([]);
    expect(await transport.page.calls.touch(null)).toMatchObject({ ok: true });
  });

  it('refuses any input that is not what the call declares, before its handler sees it', async () => {
    const { api, transport } = await openWith();
    const junk = fc.oneof(
      fc.jsonValue(),
      fc.record({ serialNumber: fc.string(), extra: fc.jsonValue() }),
      fc.constant({ serialNumber: '0000051a00000005', extra: 1 }),
      fc.constant({ __proto__: null, serialNumber: ['0000051a00000005'] }),
    );
    await fc.assert(
      fc.asyncProperty(junk, async (input) => {
        expect(await transport.callRaw('unlock', input)).toMatchObject({
          ok: false,
          error: { code: 'ipc.bad_request', params: {} },
        });
      }),
      { numRuns: 100 },
    );
    expect(api.seen).toEqual([]);
  });

  it('takes nothing larger than the bound', async () => {
    const { api, transport } = await openWith();
    const name = ' '.repeat(maxClientMessageBytes) + 'x';
    const answer = await transport.callRaw('registerKiosk', { ...goodInputs.registerKiosk, name });
    if (answer !== 'closed') expect(answer).toMatchObject({ error: { code: 'ipc.bad_request' } });
    expect(api.seen).toEqual([]);
  });

  it('aborts what is under way when the page has gone', async () => {
    let aborted = (): void => undefined;
    let begun = (): void => undefined;
    const started = new Promise<void>((resolve) => (begun = resolve));
    const heard = new Promise<void>((resolve) => (aborted = resolve));
    const { api, transport } = await openWith({
      unlock: (_input, { signal }) => {
        signal.addEventListener('abort', () => aborted());
        begun();
        return new Promise(() => undefined);
      },
    });
    transport.page.streams.locks(() => undefined);
    void transport.page.calls.unlock(goodInputs.unlock).catch(() => undefined);
    await started;
    await transport.vanish();
    await heard;
    expect(api.streams.locks.observed).toBe(false);
  });

  it('lets no secret cross, nor be logged, whatever a handler lets slip', async () => {
    const { api, transport } = await openWith({
      signIn: () => Promise.reject(new Error(`pin ${canary}`)),
      syncNow: () => Promise.resolve(fail('sync.refused', { token: canary })),
      identify: () => Promise.resolve(fail('storage.disk_full', { key: canary })),
      askLock: () => Promise.resolve(ok({ ...goodOutputs.askLock, sessionKey: canary })),
    });
    transport.page.streams.kiosk(() => undefined);
    const leaky = { ...quietStore.kiosk, pinHash: canary };
    api.streams.kiosk.next(leaky);
    await transport.page.calls.signIn(goodInputs.signIn);
    await transport.page.calls.syncNow(null);
    await transport.page.calls.identify(goodInputs.identify);
    await transport.page.calls.askLock(goodInputs.askLock);
    expect(transport.crossed.length).toBeGreaterThanOrEqual(4);
    expect(transport.crossed.join()).not.toContain(canary);
    expect(JSON.stringify(transport.logged)).not.toContain(canary);
  });

  it('does not repeat what the page sent', async () => {
    const { transport } = await openWith();
    await transport.page.calls.signIn({ ...goodInputs.signIn, pin: canary });
    await transport.page.calls.registerKiosk({ code: canary, name: 'x' });
    expect(transport.crossed.join() + JSON.stringify(transport.logged)).not.toContain(canary);
  });
});
