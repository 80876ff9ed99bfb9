import type { SnapshotEnvelope } from '#shared/ipc/envelope.ts';

/** Hands one snapshot to the page; resolves when the page, or the socket to it, has taken it. */
export type Deliver = (envelope: SnapshotEnvelope) => Promise<void>;

export interface Subscriber {
  offer(envelope: SnapshotEnvelope): void;
  close(): void;
}

/**
 * Back-pressure for one page and one stream: one snapshot is under way, the newest of the others waits, the rest is
 * dropped. Snapshots replace each other, so a slow page misses nothing but intermediate states.
 */
export const createSubscriber = (deliver: Deliver): Subscriber => {
  let underWay = false;
  let closed = false;
  let waiting: SnapshotEnvelope | null = null;

  const next = (): void => {
    underWay = false;
    const envelope = waiting;
    waiting = null;
    if (envelope && !closed) send(envelope);
  };
  const send = (envelope: SnapshotEnvelope): void => {
    underWay = true;
    // A page that can't be reached any more is the transport's to notice; it closes the connection.
    deliver(envelope).then(next, next);
  };

  return {
    offer(envelope) {
      if (closed) return;
      if (underWay) waiting = envelope;
      else send(envelope);
    },
    close() {
      closed = true;
      waiting = null;
    },
  };
};
