import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { offerNoClientCertificate } from './client-certificates.ts';
import { guardKeys, isDenied } from './key-guard.ts';
import { takesDownload } from './own-downloads.ts';
import { keepInPlace } from './kiosk-window.ts';
import { denyNavigation } from './navigation.ts';
import { denyPermissions } from './permissions.ts';
import { signOutAtSleep } from './sign-out-at-sleep.ts';
import { windowOptions } from './window-options.ts';

/** An event whose default was prevented or not. */
const event = (fields: object = {}) => ({ ...fields, preventDefault: vi.fn() });

describe('permissions', () => {
  it('are denied, every one and both ways, with devices, screens, pairing and downloads', () => {
    const handlers = new Map<string, (...args: never[]) => unknown>();
    const keep =
      (name: string) =>
      (handler: (...args: never[]) => unknown): void =>
        void handlers.set(name, handler);
    const events = new EventEmitter();
    let spellChecker = true;
    denyPermissions({
      setPermissionRequestHandler: keep('request'),
      setPermissionCheckHandler: keep('check'),
      setDevicePermissionHandler: keep('device'),
      setDisplayMediaRequestHandler: keep('display'),
      setBluetoothPairingHandler: keep('pairing'),
      setSpellCheckerEnabled: (enabled) => {
        spellChecker = enabled;
      },
      on: (name, listener) => events.on(name, listener),
    });
    const answers: unknown[] = [];
    const answer = (value: unknown): void => void answers.push(value);
    const call = (name: string, ...args: unknown[]): unknown => handlers.get(name)?.(...(args as never[]));
    for (const permission of ['bluetooth', 'hid', 'media', 'fullscreen', 'clipboard-read', 'unknown']) {
      call('request', {}, permission, answer);
    }
    call('display', {}, answer);
    call('pairing', {}, answer);
    expect(answers).toEqual([false, false, false, false, false, false, null, { confirmed: false }]);
    expect([call('check'), call('device'), spellChecker]).toEqual([false, false, false]);
    const download = event();
    events.emit('will-download', download, {});
    expect(download.preventDefault).toHaveBeenCalled();
  });

  it.each([
    [
      'blob:app://kiosk/1f',
      'latchpoint-journal-2026-03-04-091500.csv',
      'latchpoint-journal-2026-03-04-091500-2.csv',
    ],
    [
      'blob:app://kiosk/1f',
      'latchpoint-journal-2026-03-05-091500.json',
      'latchpoint-journal-2026-03-05-091500.json',
    ],
    [
      'blob:app://kiosk/1f',
      'latchpoint-locks-2026-03-04-091500.xlsx',
      'latchpoint-locks-2026-03-04-091500.xlsx',
    ],
    [
      'blob:app://kiosk/1f',
      'latchpoint-locks-2026-03-04-091500.csv',
      'latchpoint-locks-2026-03-04-091500.csv',
    ],
    ['blob:app://kiosk/1f', 'latchpoint-locks-2026-03-04-091500.xlsm', null],
    ['blob:app://kiosk/1f', 'latchpoint-journal-2026-03-04-091500.csv.exe', null],
    ['blob:app://kiosk/1f', '../latchpoint-journal-2026-03-04-091500.csv', null],
    ['blob:app://kiosk.evil.example/1f', 'latchpoint-journal-2026-03-04-091500.csv', null],
    ['https://evil.example/', 'latchpoint-journal-2026-03-04-091500.csv', null],
  ])('but a file of the page’s own is saved without a question: %s %s', (url, name, saved) => {
    const there = join('/downloads', 'latchpoint-journal-2026-03-04-091500.csv');
    const setSavePath = vi.fn();
    const item = { getURL: () => url, getFilename: () => name, setSavePath };
    const taken = takesDownload(item, { folder: '/downloads', exists: (path) => path === there });
    expect(taken).toBe(saved !== null);
    expect(setSavePath.mock.calls).toEqual(saved === null ? [] : [[join('/downloads', saved)]]);
  });

  it('do not include the machine’s certificates', () => {
    const app = new EventEmitter();
    offerNoClientCertificate(app);
    const asked = event();
    const callback = vi.fn();
    app.emit('select-client-certificate', asked, null, 'https://backend.example', [{}], callback);
    expect(asked.preventDefault).toHaveBeenCalled();
    expect(callback).toHaveBeenCalledWith();
  });
});

describe('navigation', () => {
  const setUp = () => {
    const contents = new EventEmitter();
    let open: () => { action: string } = () => ({ action: 'allow' });
    denyNavigation(
      Object.assign(contents, {
        setWindowOpenHandler: (handler: () => { action: 'deny' }) => {
          open = handler;
        },
      }),
    );
    return { contents, open: () => open() };
  };

  it.each(['will-frame-navigate', 'will-redirect'])('%s stays on the kiosk’s own page', (name) => {
    const { contents } = setUp();
    const denied = (url: string): boolean => {
      const details = event({ url });
      contents.emit(name, details);
      return details.preventDefault.mock.calls.length > 0;
    };
    expect(denied('app://kiosk/')).toBe(false);
    for (const url of [
      'https://evil.example/',
      'app://other/',
      'app://kiosk.evil.example/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      'about:blank',
      'not a url',
    ]) {
      expect(denied(url), url).toBe(true);
    }
  });

  it('opens no window, webview, device chooser or sign-in prompt', () => {
    const { contents, open } = setUp();
    expect(open()).toEqual({ action: 'deny' });
    for (const name of ['will-attach-webview', 'select-bluetooth-device', 'login']) {
      const asked = event();
      contents.emit(name, asked);
      expect(asked.preventDefault, name).toHaveBeenCalled();
    }
  });
});

describe('keys', () => {
  const press = (key: string, modifiers: { control?: boolean; alt?: boolean; meta?: boolean } = {}) =>
    isDenied({ key, control: false, alt: false, meta: false, ...modifiers });

  it('that reload, zoom, inspect, print, close or go back are swallowed', () => {
    for (const key of ['F5', 'F11', 'F12', 'F1']) expect(press(key), key).toBe(true);
    for (const key of ['r', 'R', 'w', 'p', '+', '-', '0', 'Tab', 'I', 'n', 'F4']) {
      expect(press(key, { control: true }), `Ctrl+${key}`).toBe(true);
    }
    expect(press('F4', { alt: true })).toBe(true);
    expect(press('ArrowLeft', { alt: true })).toBe(true);
    expect(press('q', { meta: true })).toBe(true);
  });

  it('that a person types with reach the page', () => {
    for (const key of ['a', '7', 'Enter', 'Escape', 'Tab', 'ArrowLeft', 'Backspace', 'Delete']) {
      expect(press(key), key).toBe(false);
    }
    expect(press('v', { control: true })).toBe(false);
    expect(press('Control', { control: true })).toBe(false);
    expect(press('@', { control: true, alt: true })).toBe(false);
  });

  it('cannot zoom either', () => {
    const contents = new EventEmitter();
    const setVisualZoomLevelLimits = vi.fn(() => Promise.resolve());
    guardKeys(Object.assign(contents, { setVisualZoomLevelLimits, setIgnoreMenuShortcuts: vi.fn() }));
    expect(setVisualZoomLevelLimits).toHaveBeenCalledWith(1, 1);
    const pressed = event();
    contents.emit('before-input-event', pressed, { key: 'F5', control: false, alt: false, meta: false });
    expect(pressed.preventDefault).toHaveBeenCalled();
  });
});

describe('the window', () => {
  const setUp = (mayClose: () => boolean) => {
    const window = Object.assign(new EventEmitter(), {
      isDestroyed: () => false,
      setKiosk: vi.fn(),
      setAlwaysOnTop: vi.fn(),
      setBounds: vi.fn(),
      restore: vi.fn(),
      focus: vi.fn(),
    });
    const bounds = { x: 0, y: 0, width: 1920, height: 1080 };
    const screen = Object.assign(new EventEmitter(), { getPrimaryDisplay: () => ({ bounds }) });
    const powerMonitor = new EventEmitter();
    keepInPlace({ window, screen, powerMonitor, mayClose });
    return { window, screen, powerMonitor, bounds };
  };

  it('does not close until the kiosk is leaving', () => {
    let leaving = false;
    const { window } = setUp(() => leaving);
    const first = event();
    window.emit('close', first);
    leaving = true;
    const second = event();
    window.emit('close', second);
    expect([first.preventDefault.mock.calls.length, second.preventDefault.mock.calls.length]).toEqual([1, 0]);
  });

  it('covers the screen again after whatever moved it', () => {
    const { window, screen, powerMonitor, bounds } = setUp(() => false);
    window.emit('leave-full-screen');
    window.emit('minimize');
    for (const name of ['display-added', 'display-removed']) screen.emit(name);
    screen.emit('display-metrics-changed', {}, {}, ['bounds', 'workArea']);
    powerMonitor.emit('resume');
    expect(window.setBounds).toHaveBeenCalledTimes(7);
    expect(window.setBounds).toHaveBeenLastCalledWith(bounds);
    expect(window.setKiosk).toHaveBeenLastCalledWith(true);
    expect(window.setAlwaysOnTop).toHaveBeenLastCalledWith(true, 'screen-saver');
  });

  it('takes no focus where only the work area has changed, as a task bar or a touch keyboard changes it', () => {
    const { window, screen } = setUp(() => false);
    window.focus.mockClear();
    screen.emit('display-metrics-changed', {}, {}, ['workArea']);
    expect([window.focus.mock.calls.length, window.setBounds.mock.calls.length]).toEqual([0, 1]);
    for (const metric of ['bounds', 'scaleFactor', 'rotation']) {
      screen.emit('display-metrics-changed', {}, {}, [metric, 'workArea']);
    }
    expect([window.focus.mock.calls.length, window.setBounds.mock.calls.length]).toEqual([3, 4]);
  });

  it('is sandboxed, isolated and without developer tools in a release', () => {
    const options = windowOptions({
      preload: '/p.cjs',
      lockedDown: true,
      devTools: false,
      title: 'Latchpoint',
    });
    expect(options).toMatchObject({ kiosk: true, alwaysOnTop: true, frame: false });
    expect(options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
    });
  });
});

describe('a sleep of the computer', () => {
  it.each(['suspend', 'resume'])('signs out whoever was there (%s)', (event) => {
    const powerMonitor = new EventEmitter();
    const signOut = vi.fn(() => Promise.resolve());
    signOutAtSleep(powerMonitor, signOut);
    expect(signOut).not.toHaveBeenCalled();
    powerMonitor.emit(event);
    expect(signOut).toHaveBeenCalledTimes(1);
  });
});
