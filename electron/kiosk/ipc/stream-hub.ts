import type { Observable, Subscription } from 'rxjs';
import { streams, type StreamName } from '#shared/ipc/contract.ts';
import type { SnapshotEnvelope } from '#shared/ipc/envelope.ts';
import type { CallPorts } from './serve-call.ts';
import { createSubscriber, type Deliver } from './subscriber.ts';

/**
 * Least time between two snapshots, in ms. The lists change with every advertisement heard and are long: a person can't
 * see more than ten states a second. What a person waits for goes out at once.
 */
const leastIntervalMs: Readonly<Record<StreamName, number>> = {
  kiosk: 0,
  locks: 100,
  alarms: 0,
  newLocks: 100,
  attempt: 0,
  group: 0,
  enrolments: 0,
  health: 0,
};

export interface StreamHub {
  /** The current snapshot at once, then every later one that the page keeps up with, until the returned function. */
  subscribe(deliver: Deliver): () => void;
  dispose(): void;
}

/**
 * One stream for all pages: subscribed once, checked once, numbered once. Sequence numbers grow by one per snapshot and
 * go on across reconnects, so that a page can tell an older snapshot from a newer one; a slow page sees gaps.
 */
export const createStreamHub = (
  { api, clock, random, logger }: CallPorts,
  stream: StreamName,
  epoch: string,
): StreamHub => {
  const subscribers = new Set<ReturnType<typeof createSubscriber>>();
  let source: Subscription | null = null;
  let latest: SnapshotEnvelope | null = null;
  let pending: { readonly value: unknown } | null = null;
  let cancelPause: (() => void) | null = null;
  let sequence = 0;

  const publish = (value: unknown): void => {
    const parsed = streams[stream].snapshot.safeParse(value);
    if (!parsed.success) {
      const path = parsed.error.issues[0]?.path.join('.').slice(0, 80) ?? '';
      logger.error('snapshot dropped: not as declared', { stream, path, correlationId: random.uuid() });
      return;
    }
    latest = { stream, epoch, sequence, snapshot: parsed.data };
    sequence += 1;
    for (const subscriber of subscribers) subscriber.offer(latest);
  };

  const pause = (): void => {
    cancelPause = clock.after(leastIntervalMs[stream], () => {
      cancelPause = null;
      if (!pending) return;
      const { value } = pending;
      pending = null;
      publish(value);
      pause();
    });
  };

  const take = (value: unknown): void => {
    if (cancelPause) {
      pending = { value };
      return;
    }
    publish(value);
    if (leastIntervalMs[stream] > 0) pause();
  };

  const attach = (): void => {
    const snapshots$: Observable<unknown> = api.streams[stream];
    source = snapshots$.subscribe({
      next: take,
      error: () => logger.error('stream ended with an error', { stream, correlationId: random.uuid() }),
    });
  };

  const detach = (): void => {
    source?.unsubscribe();
    cancelPause?.();
    source = cancelPause = latest = pending = null;
  };

  return {
    subscribe(deliver) {
      const subscriber = createSubscriber(deliver);
      subscribers.add(subscriber);
      if (!source) attach();
      else if (latest) subscriber.offer(latest);
      return () => {
        subscriber.close();
        if (subscribers.delete(subscriber) && subscribers.size === 0) detach();
      };
    },
    dispose() {
      for (const subscriber of subscribers) subscriber.close();
      subscribers.clear();
      detach();
    },
  };
};
