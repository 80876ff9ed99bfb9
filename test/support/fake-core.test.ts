import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it as base } from 'vitest';
import { WebSocket } from 'ws';
import { startFakeCore } from './fake-core.ts';
import * as scene from './store-scene.ts';

const it = base
  .extend('core', async ({}, { onCleanup }) => {
    const core = await startFakeCore(import.meta.dirname);
    onCleanup(() => core.dispose());
    return core;
  })
  /** A page that follows who is signed in, and says what it has taken only when the test lets it. */
  .extend('follow', ({ core }) => async () => {
    await core.show('kiosk', scene.kiosk());
    const socket = new WebSocket(new URL('ipc', core.url));
    await once(socket, 'open');
    const next = async (): Promise<number> => {
      const [data] = (await once(socket, 'message')) as [Buffer];
      const { envelope } = JSON.parse(data.toString()) as { envelope: { sequence: number } };
      return envelope.sequence;
    };
    const first = next();
    socket.send(JSON.stringify({ type: 'subscribe', stream: 'kiosk' }));
    await first;
    const take = (sequence: number) => socket.send(JSON.stringify({ type: 'taken', sequence }));
    return { socket, next, take };
  })
  /** Shows another view, and says whether that is over. */
  .extend('showNext', ({ core }) => () => {
    let over = false;
    const shown = core.show('kiosk', scene.signedIn()).then(() => (over = true));
    return { shown, isOver: () => over };
  });

it('what is shown is over once the page says that it has taken this very view', async ({
  core,
  follow,
  showNext,
}) => {
  const page = await follow();
  const arrives = page.next();
  const { shown, isOver } = showNext();
  const sequence = await arrives;
  page.take(sequence - 1);
  // An answer shows that what was sent before it was read.
  const answered = once(page.socket, 'message');
  page.socket.send(JSON.stringify({ type: 'call', id: 1, name: 'touch', input: {} }));
  await answered;
  await turn();
  expect(isOver()).toBe(false);
  page.take(sequence);
  await shown;
  expect(core.junk).toEqual([]);
});

it('what is shown is over once the page is gone', async ({ follow, showNext }) => {
  const page = await follow();
  const arrives = page.next();
  const { shown } = showNext();
  await arrives;
  page.socket.terminate();
  await shown;
});

it('what is shown is over at once where nobody follows it', async ({ core, follow }) => {
  await core.show('locks', { locks: scene.locks(), foreign: [] });
  const page = await follow();
  await core.show('locks', { locks: [], foreign: [] });
  page.socket.terminate();
});
