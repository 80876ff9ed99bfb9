import { backoffMs } from '#shared/flow/backoff.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';

const countedForMs = 10 * 60_000;
const mostLosses = 5;
/** One page has nobody to keep out of step with. */
const pause = { firstMs: 250, longestMs: 10_000, chance: 0 };
const unresponsiveForMs = 10_000;
/** The page says that it is alive every five seconds; loading it takes about one. */
const silentForMs = 30_000;

/** What is used of the page's `WebContents`. */
export interface RecoverableContents {
  isDestroyed(): boolean;
  loadURL(url: string): Promise<void>;
  forcefullyCrashRenderer(): void;
  on(
    event: 'render-process-gone',
    listener: (event: unknown, details: { readonly reason: string }) => void,
  ): unknown;
  on(
    event: 'did-fail-load',
    listener: (event: unknown, code: number, description: string, url: string, isMainFrame: boolean) => void,
  ): unknown;
}

/** What is used of the `BrowserWindow` around it. */
export interface ResponsiveWindow {
  on(event: 'unresponsive' | 'responsive', listener: () => void): unknown;
}

export interface PageRecoveryOptions {
  readonly contents: RecoverableContents;
  readonly window: ResponsiveWindow;
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The page was lost more often than loading it again can mend. */
  readonly onGivenUp: () => void;
}

export interface PageRecovery {
  /** Loads the page for the first time. */
  load(): void;
  /** From now on silence counts: until then the core that would hear the page may be busy opening its data. */
  watch(): void;
  /** To be called whenever the page says that it is alive; an empty page is as good as none. */
  alive(showsSomething: boolean): void;
  /** The computer was asleep: silence until now means nothing. */
  resumed(): void;
  dispose(): void;
}

/**
 * Brings a page back that crashed, hangs, is empty or could not be loaded: with growing pauses, and giving up at the sixth
 * loss within ten minutes.
 */
export const createPageRecovery = (options: PageRecoveryOptions): PageRecovery => {
  const { contents, window, url, clock, logger, onGivenUp } = options;
  let losses: readonly number[] = [];
  let reloading = false;
  let watched = false;
  let disposed = false;
  let cancelHang = (): void => undefined;
  let cancelSilence = (): void => undefined;
  let cancelReload = (): void => undefined;

  const load = (): void => {
    if (disposed || contents.isDestroyed()) return;
    reloading = false;
    listen();
    // A failure is told by `did-fail-load`, which knows more.
    contents.loadURL(url).catch(() => undefined);
  };

  const lost = (why: string): void => {
    if (disposed || reloading) return;
    cancelSilence();
    cancelHang();
    const now = clock.monotonic();
    losses = [...losses.filter((at) => at > now - countedForMs), now];
    logger.error('page lost', { why, losses: losses.length });
    if (losses.length > mostLosses) {
      disposed = true;
      onGivenUp();
      return;
    }
    reloading = true;
    cancelReload = clock.after(backoffMs(pause, losses.length, 0), load);
  };

  /** Ends a page that can't be asked to end; `render-process-gone` follows. */
  const crash = (why: string): void => {
    logger.error('page ended', { why });
    if (!contents.isDestroyed()) contents.forcefullyCrashRenderer();
  };

  const listen = (): void => {
    if (!watched) return;
    cancelSilence();
    cancelSilence = clock.after(silentForMs, () => crash('silent or empty'));
  };

  contents.on('render-process-gone', (_event, { reason }) => lost(reason));
  contents.on('did-fail-load', (_event, code, _description, _url, isMainFrame) => {
    if (isMainFrame) lost(`not loaded (${code})`);
  });
  window.on('unresponsive', () => {
    if (!watched) return;
    cancelHang();
    cancelHang = clock.after(unresponsiveForMs, () => crash('unresponsive'));
  });
  window.on('responsive', () => cancelHang());

  return {
    load,
    watch() {
      watched = true;
      if (!disposed && !reloading) listen();
    },
    alive(showsSomething) {
      if (showsSomething && !disposed && !reloading) listen();
    },
    resumed() {
      if (!disposed && !reloading) listen();
    },
    dispose() {
      disposed = true;
      cancelHang();
      cancelSilence();
      cancelReload();
    },
  };
};
