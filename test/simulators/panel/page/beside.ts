/** Where the kiosk's window goes, so that it and the air panel's can be seen at once. */

/** The narrowest that the kiosk's page is made for, in px, and as wide as it gains by. */
const narrowest = 640;
const widest = 1280;

/** In CSS px, as a browser's `screen` and `window` have them. */
export interface Room {
  /** What of the screen is free for windows. */
  readonly screen: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  /** The panel's own window. */
  readonly panel: { readonly left: number; readonly width: number };
}

/** The features of `window.open`: a window of its own on that side of the panel where there is more room, at the screen's edge. */
export const besidePanel = ({ screen, panel }: Room): string => {
  const before = panel.left - screen.left;
  const after = screen.left + screen.width - (panel.left + panel.width);
  const width = Math.min(widest, screen.width, Math.max(narrowest, before, after));
  const left = before > after ? screen.left : screen.left + screen.width - width;
  return `popup,left=${left},top=${screen.top},width=${width},height=${screen.height}`;
};
