interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is used of a `BrowserWindow`. */
export interface KioskWindow {
  isDestroyed(): boolean;
  setKiosk(on: boolean): void;
  setAlwaysOnTop(on: boolean, level: 'screen-saver'): void;
  setBounds(bounds: Bounds): void;
  restore(): void;
  focus(): void;
  on(event: 'close', listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: 'leave-full-screen' | 'minimize' | 'blur', listener: () => void): unknown;
}

/** What is used of Electron's `screen` and `powerMonitor`. */
export interface ScreenPort {
  getPrimaryDisplay(): { readonly bounds: Bounds };
  on(event: 'display-added' | 'display-removed', listener: () => void): unknown;
  on(
    event: 'display-metrics-changed',
    /** `changed` holds some of `bounds`, `workArea`, `scaleFactor` and `rotation`. */
    listener: (event: unknown, display: unknown, changed: readonly string[]) => void,
  ): unknown;
}
export interface PowerMonitorPort {
  on(event: 'resume' | 'unlock-screen', listener: () => void): unknown;
}

export interface KioskWindowOptions {
  readonly window: KioskWindow;
  readonly screen: ScreenPort;
  readonly powerMonitor: PowerMonitorPort;
  /** Whether the window may close: the kiosk is stopping, or a manager has authorised it. */
  readonly mayClose: () => boolean;
}

/**
 * Keeps the window where it belongs: over the whole primary screen, on top, open. The operating system does the locking
 * (docs/it-guide.md); this is the depth behind it.
 */
export const keepInPlace = ({ window, screen, powerMonitor, mayClose }: KioskWindowOptions): void => {
  const cover = (): void => {
    if (window.isDestroyed() || mayClose()) return;
    window.restore();
    window.setBounds(screen.getPrimaryDisplay().bounds);
    window.setKiosk(true);
    window.setAlwaysOnTop(true, 'screen-saver');
    window.focus();
  };
  window.on('close', (event) => {
    if (!mayClose()) event.preventDefault();
  });
  window.on('leave-full-screen', cover);
  window.on('minimize', cover);
  screen.on('display-added', cover);
  screen.on('display-removed', cover);
  screen.on('display-metrics-changed', (_event, _display, changed) => {
    // A task bar or a touch keyboard that comes and goes moves the work area: the window covers that anyway, and who types
    // keeps the focus.
    if (changed.some((metric) => metric !== 'workArea')) cover();
  });
  powerMonitor.on('resume', cover);
  powerMonitor.on('unlock-screen', cover);
  cover();
};
