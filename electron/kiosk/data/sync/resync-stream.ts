/** Keeps the stream open that says "something has changed, pull". Carries no data, so a lost event costs nothing but time. */
import { onAbort } from '#shared/flow/abort.ts';
import { streamEvent, streamKeepAliveMs, streamSilenceMs } from '#shared/http/contract.ts';
import { routes } from '#shared/http/routes.ts';
import type { BackendClient } from '../../backend/client.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Random } from '../../platform/random.ts';
import { syncBackoffMs } from './backoff.ts';
import { createEventReader } from './event-stream.ts';
import type { BackendSession } from './session.ts';

export interface ResyncStreamOptions {
  readonly backend: BackendClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly session: BackendSession;
  /** Something may have changed: an event came, or the stream has just been opened and what came before is unknown. */
  readonly onResync: () => void;
  /** An open stream has ended: find out whether the backend is still there. */
  readonly onLost: () => void;
}

export interface ResyncStream {
  /** Opens the stream unless it is open; where it has failed just now, after its wait. Call it when the backend is known to answer. */
  ensureOpen(): void;
  dispose(): void;
}

/** After so many failures in a row a stream is opened by the next round only. */
const mostByItself = 3;

export const createResyncStream = (options: ResyncStreamOptions): ResyncStream => {
  const { clock, random, onResync, onLost } = options;
  let current: AbortController | null = null;
  let failures = 0;
  let notBefore = -Infinity;
  let cancelWait = (): void => undefined;
  let isDisposed = false;

  const run = async (controller: AbortController): Promise<void> => {
    const openedAt = clock.monotonic();
    const wasOpen = await readStream(options, controller, (event) => {
      if (event === null || event === streamEvent) onResync();
    });
    if (current === controller) current = null;
    if (controller.signal.reason === disposed) return;
    // One that ends as soon as it was opened is no better than one that does not open.
    failures = wasOpen && clock.monotonic() - openedAt >= streamKeepAliveMs ? 1 : failures + 1;
    notBefore = clock.monotonic() + syncBackoffMs(failures, random.float());
    if (wasOpen) onLost();
  };

  const ensureOpen = (): void => {
    cancelWait();
    if (current || isDisposed) return;
    const waitMs = notBefore - clock.monotonic();
    if (waitMs > 0) {
      // Where no stream lives, rounds set the pace: each that opens makes two of them.
      if (failures <= mostByItself) cancelWait = clock.after(waitMs, ensureOpen);
      return;
    }
    current = new AbortController();
    void run(current);
  };

  return {
    ensureOpen,
    dispose: () => {
      isDisposed = true;
      cancelWait();
      current?.abort(disposed);
    },
  };
};

const disposed = new Error('disposed');

/**
 * Calls back with null once the stream is open and with the name of each event. Resolves when it has ended, however that
 * was, with whether it had been open.
 */
const readStream = async (
  { backend, clock, session }: ResyncStreamOptions,
  controller: AbortController,
  onEvent: (event: string | null) => void,
): Promise<boolean> => {
  const { signal } = controller;
  let wasOpen = false;
  let cancelSilence = (): void => undefined;
  const heard = (): void => {
    cancelSilence();
    cancelSilence = clock.after(streamSilenceMs, () => controller.abort(new Error('silence')));
  };
  try {
    heard();
    const token = await session.token(signal);
    if (!token.ok) return false;
    const opened = await backend.open(routes.stream, token.value, signal);
    if (!opened.ok) {
      if (opened.problem.kind === 'unauthorised') session.dropToken();
      return false;
    }
    heard();
    wasOpen = true;
    onEvent(null);
    const events = createEventReader();
    const decoder = new TextDecoder();
    const reader = opened.value.getReader();
    onAbort(signal, () => void reader.cancel().catch(() => undefined));
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return true;
      heard();
      for (const event of events.feed(decoder.decode(value, { stream: true }))) onEvent(event);
    }
  } catch {
    // The connection broke or was aborted; that it ended is all there is to know.
    return wasOpen;
  } finally {
    cancelSilence();
  }
};
