import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { FakeIpcMain } from '../fake-electron.ts';
import { AppDouble } from './app.ts';
import { heldAgainstElectron } from './events.ts';
import { createJournal } from './options.ts';
import { ProtocolDouble, SessionDouble } from './session.ts';
import { PowerMonitorDouble, ScreenDouble } from './system.ts';
import { WindowDouble } from './window.ts';

it('every event of the double is held against Electron’s declarations', () => {
  const held: string[] = [];
  const part = { on: (name: string) => held.push(name) };
  const parts = ['app', 'contents', 'window', 'session', 'screen', 'power', 'utility'];
  heldAgainstElectron(Object.fromEntries(parts.map((name) => [name, part])) as never);

  const machine = { width: 1, height: 1 };
  const setup = {
    profile: tmpdir(),
    isPackaged: false,
    secretStore: 'basic_text',
    proxy: 'DIRECT',
    machine,
  } as const;
  const app = new AppDouble(setup, createJournal());
  app.isReady = true;
  const window = new WindowDouble(app, { ipcMain: new FakeIpcMain(), protocol: new ProtocolDouble(app) }, {});
  const doubles = [
    app,
    window.webContents,
    window,
    new SessionDouble(),
    new ScreenDouble(app),
    new PowerMonitorDouble(),
  ];
  expect(held).toEqual([...doubles.flatMap(({ known }): readonly string[] => known), 'message', 'exit']);
});
