/** What is used of Electron's `Input`. */
export interface KeyInput {
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

export interface KeyGuardedContents {
  on(
    event: 'before-input-event',
    listener: (event: { preventDefault(): void }, input: KeyInput) => void,
  ): unknown;
  setVisualZoomLevelLimits(least: number, most: number): Promise<void>;
  setIgnoreMenuShortcuts(ignore: boolean): void;
}

/** What the engine or the window would act on, and what a person at a counter never means. */
const deniedKeys = new Set([
  'F1',
  'F3',
  'F5',
  'F6',
  'F7',
  'F10',
  'F11',
  'F12',
  'BrowserBack',
  'BrowserForward',
]);
/** With Ctrl or Command only copying, pasting and the like are left. */
const allowedWithControl = new Set(['a', 'c', 'v', 'x', 'z']);
const deniedWithAlt = new Set(['F4', 'ArrowLeft', 'ArrowRight', 'Home', ' ']);

export const isDenied = ({ key, control, alt, meta }: KeyInput): boolean => {
  if (deniedKeys.has(key)) return true;
  // AltGr is Ctrl+Alt on Windows: it types characters, so a single character with both is let through.
  if (control && alt) return key.length > 1;
  if (alt) return deniedWithAlt.has(key);
  const isModifier = key === 'Control' || key === 'Meta' || key === 'Shift';
  return (control || meta) && !isModifier && !allowedWithControl.has(key.toLowerCase());
};

/** Swallows reload, zoom, developer tools, print, close and history keys, and pins the zoom. */
export const guardKeys = (contents: KeyGuardedContents): void => {
  contents.setIgnoreMenuShortcuts(true);
  void contents.setVisualZoomLevelLimits(1, 1);
  contents.on('before-input-event', (event, input) => {
    if (isDenied(input)) event.preventDefault();
  });
};
