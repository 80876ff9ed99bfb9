import { createDispatcher } from '#kiosk/ipc/dispatcher.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { answerEnvelopeSchema } from '#shared/ipc/envelope.ts';
import { createFakeIpcRenderer, FakeContents, FakeIpcMain } from '#support/fake-electron.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { createIpcServer } from '../../../electron/desktop/ipc-server.ts';
import { createPageBridge } from '../../../electron/desktop/page-bridge.ts';
import { toAnswer } from './to-answer.ts';
import type { Transport } from './transport.ts';

/** Electron's IPC through its double: the product's server and bridge, structured clones in between. */
export const electronTransport: Transport = {
  name: 'Electron IPC',
  open: (api) => {
    const logger = createRecordingLogger();
    const ipcMain = new FakeIpcMain();
    const contents = new FakeContents();
    const dispatcher = createDispatcher({ api, clock: systemClock, random: systemRandom, logger });
    const server = createIpcServer({
      ipcMain,
      contents,
      dispatcher,
      random: systemRandom,
      logger,
      onAlive: () => undefined,
    });
    const renderer = createFakeIpcRenderer(ipcMain, contents);
    return Promise.resolve({
      page: createPageBridge(renderer),
      crossed: contents.sent,
      logged: logger.lines,
      callRaw: async (name, input) => {
        const channel = `call:${String(name)}`;
        if (!ipcMain.handlers.has(channel)) return 'no such call';
        return toAnswer(answerEnvelopeSchema.parse(await renderer.invokeRaw(channel, input)));
      },
      vanish: () => {
        contents.destroyed = true;
        contents.emit('render-process-gone');
        return Promise.resolve();
      },
      dispose: () => {
        server.dispose();
        dispatcher.dispose();
        return Promise.resolve();
      },
    });
  },
};
