/**
 * HTTP/1.1 as a load generator needs it: one request at a time on one connection, no parsing beyond status, headers and length.
 * Playing ten thousand kiosks must cost far less than serving them, and a store's kiosks share an address of their own.
 */
import { connect, type Socket } from 'node:net';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** The address that the kiosk comes from; loopback has 2^24 of them. */
  readonly from: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly body: string;
}

export interface RawConnection {
  /** Rejects when the connection breaks, or after `answerWithinMs` without a whole answer. */
  ask(request: string): Promise<RawAnswer>;
  /** Sends a request whose answer does not end; each piece after its head is told. Resolves with the status. */
  listen(request: string, heard: (text: string) => void): Promise<number>;
  readonly closed: Promise<void>;
  close(): void;
}

const answerWithinMs = 30_000;
const headEnd = '\r\n\r\n';

export const requestText = (
  { host, port }: Target,
  { method, path, token, body }: { method: 'GET' | 'POST'; path: string; token?: string; body?: string },
): string =>
  [
    `${method} ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
    '',
    body ?? '',
  ].join('\r\n');

interface Head {
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly length: number;
  readonly bodyAt: number;
}

const readHead = (text: string): Head | null => {
  const end = text.indexOf(headEnd);
  if (end < 0) return null;
  const head = text.slice(0, end);
  const after = /\r\nretry-after: (\d+)/i.exec(head)?.[1];
  return {
    status: Number(head.slice(9, 12)),
    retryAfterMs: after === undefined ? null : Number(after) * 1000,
    length: Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0),
    bodyAt: end + headEnd.length,
  };
};

/** Resolves once it is connected. */
export const openConnection = async ({ host, port, from }: Target): Promise<RawConnection> => {
  const socket: Socket = connect({ host, port, localAddress: from, noDelay: true });
  // Bytes as they are: lengths are in bytes, and what is compared is ASCII.
  socket.setEncoding('latin1');
  let text = '';
  let onText = (): void => undefined;
  let onBroken = (_why: Error): void => undefined;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  void closed.then(() => onBroken(new Error('the connection closed')));
  socket.on('error', () => undefined);
  socket.on('data', (chunk: string) => {
    text += chunk;
    onText();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });

  const expecting = <T>(request: string, look: () => T | null): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        onText = () => undefined;
        onBroken = () => undefined;
      };
      const timer = setTimeout(() => onBroken(new Error('no answer in time')), answerWithinMs);
      onBroken = (why) => {
        end();
        reject(why);
      };
      onText = () => {
        const found = look();
        if (found === null) return;
        end();
        resolve(found);
      };
      text = '';
      socket.write(request);
    });

  return {
    closed,
    ask: (request) =>
      expecting(request, () => {
        const head = readHead(text);
        if (!head || text.length < head.bodyAt + head.length) return null;
        const { status, retryAfterMs } = head;
        return { status, retryAfterMs, body: text.slice(head.bodyAt, head.bodyAt + head.length) };
      }),
    listen: async (request, heard) => {
      const { status } = await expecting(request, () => readHead(text));
      text = '';
      onText = () => {
        const piece = text;
        text = '';
        heard(piece);
      };
      return status;
    },
    close: () => socket.destroy(),
  };
};
