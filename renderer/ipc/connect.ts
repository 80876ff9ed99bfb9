/** Picks the transport: the preload script's object where there is one, else the WebSocket of the page's own origin. */
import { pageApiKey, type PageApi } from '#shared/ipc/page-api.ts';
import { after } from '../state/after.ts';
import { createClient, type Client } from './client.ts';
import { createWebSocketApi, type Socket, type SocketListener } from './websocket-api.ts';

declare global {
  interface Window {
    readonly [pageApiKey]?: PageApi;
  }
}

const openSocket = (listener: SocketListener): Socket => {
  const { protocol, host } = window.location;
  const socket = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/ipc`);
  socket.addEventListener('open', () => listener.opened());
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener.received(data));
  socket.addEventListener('close', () => listener.closed());
  return socket;
};

export const connectToCore = (): Client =>
  createClient(
    window[pageApiKey] ??
      createWebSocketApi({
        open: openSocket,
        after,
        float: () => Math.random(),
      }),
  );
