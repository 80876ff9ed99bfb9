import type { BrowserWindowConstructorOptions } from 'electron';

export interface WindowChoices {
  readonly preload: string;
  /** Full screen and on top; off while developing, so that a developer keeps the machine. */
  readonly lockedDown: boolean;
  readonly devTools: boolean;
  readonly title: string;
}

/** Every security-relevant preference is stated, also where it is the default today. */
export const windowOptions = (choices: WindowChoices): BrowserWindowConstructorOptions => ({
  title: choices.title,
  width: 1280,
  height: 800,
  show: false,
  autoHideMenuBar: true,
  kiosk: choices.lockedDown,
  alwaysOnTop: choices.lockedDown,
  fullscreenable: true,
  frame: !choices.lockedDown,
  minimizable: !choices.lockedDown,
  movable: !choices.lockedDown,
  resizable: !choices.lockedDown,
  webPreferences: {
    preload: choices.preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: choices.devTools,
    // The page makes its tones before anybody has touched it, and its clocks go on while something covers it.
    autoplayPolicy: 'no-user-gesture-required',
    backgroundThrottling: false,
  },
});
