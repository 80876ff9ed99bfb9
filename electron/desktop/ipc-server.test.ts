import { describe, expect, it } from 'vitest';
import { createDispatcher } from '#kiosk/ipc/dispatcher.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { createFakeKioskApi, goodInputs, quietStore } from '#support/fake-kiosk-api.ts';
import { createFakeIpcRenderer, FakeContents, FakeIpcMain, pageFrame } from '#support/fake-electron.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import type { SnapshotEnvelope } from '#shared/ipc/envelope.ts';
import { callChannel } from './channels.ts';
import { createIpcServer } from './ipc-server.ts';
import { createPageBridge } from './page-bridge.ts';

const setUp = () => {
  const api = createFakeKioskApi();
  const ipcMain = new FakeIpcMain();
  const contents = new FakeContents(1);
  const logger = createRecordingLogger();
  const alive: boolean[] = [];
  const random = seededRandom(1);
  const dispatcher = createDispatcher({ api, clock: new ManualClock(), random, logger });
  const server = createIpcServer({
    ipcMain,
    contents,
    dispatcher,
    random,
    logger,
    onAlive: (showsSomething) => alive.push(showsSomething),
  });
  return { api, ipcMain, contents, logger, alive, server };
};

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('the sender', () => {
  it.each([
    ['another origin', { origin: 'https://evil.example', parent: null }],
    ['another host of the scheme', { origin: 'app://other', parent: null }],
    ['an opaque origin', { origin: 'null', parent: null }],
    ['a frame inside the page', { origin: 'app://kiosk', parent: pageFrame }],
    ['a frame that has gone', null],
  ])('that is %s is refused, call or subscription', async (_what, frame) => {
    const { api, ipcMain, contents, logger } = setUp();
    const renderer = createFakeIpcRenderer(ipcMain, contents, frame);
    expect(await renderer.invokeRaw(callChannel('unlock'), goodInputs.unlock)).toMatchObject({
      ok: false,
      error: { code: 'ipc.forbidden' },
    });
    renderer.send('subscribe', 'kiosk');
    await settle();
    expect(api.seen).toEqual([]);
    expect(api.streams.kiosk.observed).toBe(false);
    expect(logger.lines).toHaveLength(2);
  });

  it('in another window is refused, whatever its origin', async () => {
    const { ipcMain } = setUp();
    const renderer = createFakeIpcRenderer(ipcMain, new FakeContents(2));
    expect(await renderer.invokeRaw(callChannel('touch'), null)).toMatchObject({
      error: { code: 'ipc.forbidden' },
    });
  });

  it('gets no further with more or fewer arguments than one', async () => {
    const { ipcMain, contents } = setUp();
    const renderer = createFakeIpcRenderer(ipcMain, contents);
    for (const args of [[], [null, null]]) {
      expect(await renderer.invokeRaw(callChannel('touch'), ...args)).toMatchObject({
        error: { code: 'ipc.bad_request' },
      });
    }
  });
});

describe('the page', () => {
  it('begins anew when it is loaded again', async () => {
    const { api, ipcMain, contents } = setUp();
    createPageBridge(createFakeIpcRenderer(ipcMain, contents)).streams.kiosk(() => undefined);
    await settle();
    expect(api.streams.kiosk.observed).toBe(true);
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    expect(api.streams.kiosk.observed).toBe(true);
    contents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    expect(api.streams.kiosk.observed).toBe(false);
  });

  it('that does not take its snapshots is sent one and then the newest', async () => {
    const { api, ipcMain, contents } = setUp();
    const renderer = createFakeIpcRenderer(ipcMain, contents);
    renderer.send('subscribe', 'kiosk');
    await settle();
    for (const now of [1, 2, 3]) api.streams.kiosk.next({ ...quietStore.kiosk, now });
    expect(contents.sent).toHaveLength(1);
    renderer.send('taken', 'kiosk');
    await settle();
    expect(contents.sent).toHaveLength(2);
    expect(contents.sent[1]).toContain('"now":3');
  });

  it('hears a second listener of a stream without asking the core again', async () => {
    const { ipcMain, contents } = setUp();
    const page = createPageBridge(createFakeIpcRenderer(ipcMain, contents));
    const first: SnapshotEnvelope[] = [];
    const second: SnapshotEnvelope[] = [];
    const stopFirst = page.streams.kiosk((envelope) => first.push(envelope));
    await settle();
    const stopSecond = page.streams.kiosk((envelope) => second.push(envelope));
    expect(second).toEqual(first);
    expect(contents.sent).toHaveLength(1);
    stopFirst();
    stopFirst();
    stopSecond();
    await settle();
    expect(first).toHaveLength(1);
  });

  it('is told that the core is out of reach rather than left waiting', async () => {
    const { ipcMain, contents, server } = setUp();
    const page = createPageBridge(createFakeIpcRenderer(ipcMain, contents));
    server.dispose();
    expect(await page.calls.touch(null)).toMatchObject({ error: { code: 'ipc.disconnected' } });
  });

  it('says that it is alive, and whether it shows anything', async () => {
    const { ipcMain, alive } = setUp();
    const event = { sender: { id: 1 }, senderFrame: pageFrame };
    ipcMain.emit('alive', event, true);
    ipcMain.emit('alive', event, 'yes');
    await settle();
    expect(alive).toEqual([true, false]);
  });
});
