/**
 * What a pooler in transaction mode does to whoever connects, as PgBouncer 1.18 was seen to: it refuses or passes over settings
 * that come with a session, tells nobody what was told with NOTIFY, and drops the cancel request of whoever closes first. Sessions
 * go on to the server one by one; that they are shared is proven with PgBouncer itself (`npm run test:failover`).
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface PoolerDouble {
  readonly port: number;
  /** Sessions that it has let in. */
  readonly sessions: number;
  readonly cancels: { passedOn: number; dropped: number };
  dispose(): Promise<void>;
}

export interface PoolerBehaviour {
  /** With the settings that come with a session, beside who it is. */
  readonly settings: 'refused' | 'ignored';
  /** What it sets by itself (`connect_query`). */
  readonly ownSettings?: Readonly<Record<string, string>>;
  /** Whether what is told with NOTIFY is passed on. */
  readonly tells?: boolean;
}

const code = { ssl: 80_877_103, cancel: 80_877_102 } as const;
const passedOn = ['user', 'database', 'client_encoding', 'application_name'];
const headBytes = 8;
const notification = 'A'.charCodeAt(0);

const framed = (body: Buffer, type = ''): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
};
const refusal = (name: string): Buffer =>
  framed(Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter: ${name}\0\0`), 'E');

/** Whole messages only, without those that it tells nobody. */
const withoutNotifications = (): ((bytes: Buffer) => Buffer) => {
  let rest = Buffer.alloc(0);
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const kept: Buffer[] = [];
    while (rest.length > 4 && rest.length > rest.readInt32BE(1)) {
      const end = rest.readInt32BE(1) + 1;
      if (rest[0] !== notification) kept.push(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
    return Buffer.concat(kept);
  };
};

/** In front of the server whose Unix socket is in `socketDir`. */
export const startPoolerDouble = async (
  socketDir: string,
  { settings, ownSettings = {}, tells = false }: PoolerBehaviour,
): Promise<PoolerDouble> => {
  const cancels = { passedOn: 0, dropped: 0 };
  const open = new Set<Socket>();
  let sessions = 0;
  const toServer = (): Socket => connect(`${socketDir}/.s.PGSQL.5432`).on('error', () => undefined);

  const cancel = async (near: Socket, packet: Buffer): Promise<void> => {
    // It first needs a connection of its own to the server; who has gone meanwhile is passed over.
    const far = toServer();
    await once(far, 'connect');
    if (near.readableEnded || near.destroyed) cancels.dropped += 1;
    else {
      cancels.passedOn += 1;
      far.write(packet);
    }
    far.resume().once('close', () => near.destroy());
    if (cancels.dropped > 0) far.destroy();
  };
  const begin = (near: Socket, packet: Buffer): void => {
    const fields = packet.subarray(headBytes).toString().split('\0');
    const given = fields.flatMap((name, at) =>
      at % 2 === 0 && name !== '' ? [[name, fields[at + 1] ?? '']] : [],
    );
    const [unknown] = given.filter(([name = '']) => !passedOn.includes(name));
    if (unknown && settings === 'refused') {
      near.end(refusal(unknown[0] ?? ''));
      return;
    }
    sessions += 1;
    const sent = [...given.filter(([name = '']) => passedOn.includes(name)), ...Object.entries(ownSettings)];
    const far = toServer();
    const filter = tells ? (bytes: Buffer): Buffer => bytes : withoutNotifications();
    far.on('data', (bytes) => near.write(filter(bytes)));
    near.on('data', (bytes) => far.write(bytes));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    far.write(
      framed(Buffer.concat([packet.subarray(4, headBytes), Buffer.from(`${sent.flat().join('\0')}\0\0`)])),
    );
  };
  const server = createServer((near) => {
    open.add(near);
    near.on('error', () => undefined).on('close', () => open.delete(near));
    near.on('end', () => undefined);
    const first = (packet: Buffer): void => {
      const what = packet.readInt32BE(4);
      if (what === code.ssl) {
        near.write('N');
        near.once('data', first);
      } else if (what === code.cancel) void cancel(near, packet);
      else begin(near, packet);
    };
    near.once('data', first);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get sessions() {
      return sessions;
    },
    cancels,
    dispose: async () => {
      for (const each of open) each.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
