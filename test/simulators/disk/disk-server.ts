/** Serves a disk with a write cache over NBD, so that QEMU has it as a disk of its own. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  commands,
  errors,
  exportInfo,
  forceUnitAccess,
  greeting,
  lengths,
  optionReplies,
  optionReply,
  options,
  readRequest,
  reply,
  type Request,
} from './nbd.ts';
import type { WriteCache } from './write-cache.ts';

export interface DiskServer {
  /** From now on nothing is written, kept or answered: the plug is pulled. */
  stop(): void;
  dispose(): Promise<void>;
}

/** Longer than any request that QEMU makes. */
const mostBytes = 64 * 1024 ** 2;

/** Takes so many bytes off what has come in, as often as there are enough. */
async function* parts(socket: Socket): AsyncGenerator<Buffer, void, number> {
  let held = Buffer.alloc(0);
  let wanted = yield Buffer.alloc(0);
  const coming = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (;;) {
    while (held.length < wanted) {
      const next = await coming.next();
      if (next.done === true) return;
      held = Buffer.concat([held, next.value]);
    }
    const part = held.subarray(0, wanted);
    held = held.subarray(wanted);
    wanted = yield part;
  }
}

const answer = (disk: WriteCache, request: Request, data: Buffer): Buffer => {
  const { handle, command, offset, length, flags } = request;
  try {
    if (command === commands.read) return reply(handle, errors.none, disk.read(offset, length));
    if (command === commands.write) disk.write(offset, data);
    else if (command !== commands.flush) return reply(handle, errors.invalid);
    if (command === commands.flush || (flags & forceUnitAccess) !== 0) disk.flush();
    return reply(handle, errors.none);
  } catch {
    return reply(handle, errors.invalid);
  }
};

/** Resolves once it listens at that path. `onFlush` is told before anything is kept, and may pull the plug. */
export const serveDisk = async (
  disk: WriteCache,
  path: string,
  onFlush: () => void = () => undefined,
): Promise<DiskServer> => {
  let stopped = false;
  const sockets = new Set<Socket>();

  const serve = async (socket: Socket): Promise<void> => {
    const stream = parts(socket);
    await stream.next();
    const take = async (bytes: number): Promise<Buffer | null> => {
      if (bytes > mostBytes) return null;
      const { value, done } = await stream.next(bytes);
      return done === true || stopped ? null : value;
    };
    const agree = async (): Promise<boolean> => {
      for (;;) {
        const head = await take(lengths.option);
        if (!head) return false;
        const option = head.readUInt32BE(8);
        if (!(await take(head.readUInt32BE(12))) || option === options.abort) return false;
        if (option !== options.go && option !== options.info) {
          socket.write(optionReply(option, optionReplies.unsupported));
          continue;
        }
        socket.write(optionReply(option, optionReplies.info, exportInfo(disk.bytes)));
        socket.write(optionReply(option, optionReplies.acknowledged));
        if (option === options.go) return true;
      }
    };
    socket.write(greeting());
    if (!(await take(lengths.clientFlags)) || !(await agree())) return;
    for (;;) {
      const head = await take(lengths.request);
      if (!head) return;
      const request = readRequest(head);
      if (request.command === commands.disconnect) return;
      const data = request.command === commands.write ? await take(request.length) : Buffer.alloc(0);
      if (request.command === commands.flush) onFlush();
      if (!data || stopped) return;
      socket.write(answer(disk, request, data));
    }
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    void serve(socket)
      .catch(() => undefined)
      .finally(() => {
        socket.destroy();
        sockets.delete(socket);
      });
  });
  server.listen(path);
  await once(server, 'listening');
  const stop = (): void => {
    stopped = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    stop,
    dispose: async () => {
      stop();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
