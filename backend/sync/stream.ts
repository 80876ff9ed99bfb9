/** The server-sent events that tell a kiosk to pull. They carry nothing, so that none can be missed for good. */
import type { ServerResponse } from 'node:http';
import { streamEvent, streamKeepAliveMs } from '#shared/http/contract.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { ChangeHub } from '../store/change-hub.ts';

export interface Streams {
  /** Takes the response over until either side closes it. */
  add(kiosk: KioskOfStore, response: ServerResponse): void;
  dispose(): void;
}

/** A kiosk needs one; while it connects anew, the one before may not have been noticed to be dead yet. */
const mostOfOneKiosk = 2;

const message = `event: ${streamEvent}\ndata: {}\n\n`;

export const createStreams = (hub: Pick<ChangeHub, 'onStore' | 'onRevoked'>): Streams => {
  const byStore = new Map<string, Map<ServerResponse, KioskOfStore>>();
  const streams = function* (storeId: string | null): Iterable<[ServerResponse, KioskOfStore]> {
    if (storeId !== null) yield* byStore.get(storeId) ?? [];
    else for (const store of byStore.values()) yield* store;
  };

  /** A reader that is behind has a message under way already: one is as good as many. */
  const send = (response: ServerResponse, text: string): void => {
    if (!response.writableNeedDrain) response.write(text);
  };
  const unsubscribe = [
    hub.onStore((storeId) => {
      for (const [response] of streams(storeId)) send(response, message);
    }),
    // The kiosk connects anew and is told why it is refused.
    hub.onRevoked((kioskId) => {
      for (const [response, kiosk] of streams(null)) {
        if (kioskId === null || kiosk.kioskId === kioskId) response.end();
      }
    }),
  ];
  const keepAlive = setInterval(() => {
    for (const [response] of streams(null)) {
      // It has not read what was sent 15 s ago: it is not there, or will connect anew.
      if (response.writableNeedDrain) response.destroy();
      else send(response, ': here\n\n');
    }
  }, streamKeepAliveMs);

  return {
    add: (kiosk, response) => {
      const store = byStore.get(kiosk.storeId) ?? new Map<ServerResponse, KioskOfStore>();
      const own = [...store].filter(([, { kioskId }]) => kioskId === kiosk.kioskId);
      if (own.length >= mostOfOneKiosk) own[0]?.[0].end();
      byStore.set(kiosk.storeId, store.set(response, kiosk));
      const remove = (): void => {
        store.delete(response);
        if (store.size === 0 && byStore.get(kiosk.storeId) === store) byStore.delete(kiosk.storeId);
      };
      response.once('close', remove);
      // A connection that breaks is not an error of ours: it closes, and the kiosk comes back.
      response.on('error', remove);
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(': here\n\n');
    },
    dispose: () => {
      clearInterval(keepAlive);
      for (const stop of unsubscribe) stop();
      for (const [response] of streams(null)) response.end();
    },
  };
};
