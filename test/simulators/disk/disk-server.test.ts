import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { serveDisk, type DiskServer } from './disk-server.ts';
import { commands, errors, forceUnitAccess, magic, options, optionReplies } from './nbd.ts';
import { createWriteCache, sectorBytes, type WriteCache } from './write-cache.ts';

const bytes = 8 * sectorBytes;
let opened: readonly (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened) await close();
  opened = [];
});

/** A client as QEMU is one: asks for what this server does not know, then for the disk. */
const openDisk = async (onFlush?: (server: DiskServer) => void) => {
  const folder = mkdtempSync(join(tmpdir(), 'latchpoint-disk-'));
  const disk = createWriteCache({ kept: Buffer.alloc(bytes) });
  const path = join(folder, 'disk');
  const server = await serveDisk(disk, path, () => onFlush?.(server));
  const socket = connect(path);
  opened = [() => socket.destroy(), () => server.dispose(), () => rmSync(folder, { recursive: true })];
  return { disk, server, ...(await agree(socket)) };
};

const agree = async (socket: Socket) => {
  let held = Buffer.alloc(0);
  let ended = false;
  socket.on('data', (chunk: Buffer) => (held = Buffer.concat([held, chunk])));
  socket.on('close', () => (ended = true));
  socket.on('error', () => undefined);
  /** So many bytes; null where the server has hung up. */
  const take = async (length: number): Promise<Buffer | null> => {
    while (held.length < length && !ended) await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    if (held.length < length) return null;
    const part = held.subarray(0, length);
    held = held.subarray(length);
    return part;
  };
  const option = (code: number, data = Buffer.alloc(0)): void => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(code, 0);
    head.writeUInt32BE(data.length, 4);
    socket.write(Buffer.concat([magic.option, head, data]));
  };
  const answered = async (): Promise<{ kind: number; data: Buffer }> => {
    const head = await take(20);
    const data = await take(head?.readUInt32BE(16) ?? 0);
    return { kind: head?.readUInt32BE(12) ?? 0, data: data ?? Buffer.alloc(0) };
  };
  expect((await take(18))?.subarray(0, 16)).toEqual(Buffer.concat([magic.server, magic.option]));
  socket.write(Buffer.from([0, 0, 0, 3]));
  const structuredReplies = 8;
  option(structuredReplies);
  expect((await answered()).kind).toBe(optionReplies.unsupported);
  option(options.go, Buffer.alloc(6));
  const { kind, data } = await answered();
  expect([kind, data.readBigUInt64BE(2)]).toEqual([optionReplies.info, BigInt(bytes)]);
  expect((await answered()).kind).toBe(optionReplies.acknowledged);

  return {
    /** Answers the error and what was read; null where the server has hung up. */
    ask: async (command: number, offset = 0, data = Buffer.alloc(0), flags = 0, length = data.length) => {
      const head = Buffer.alloc(28);
      head.writeUInt32BE(magic.request, 0);
      head.writeUInt16BE(flags, 4);
      head.writeUInt16BE(command, 6);
      head.writeBigUInt64BE(BigInt(offset), 16);
      head.writeUInt32BE(length, 24);
      socket.write(Buffer.concat([head, data]));
      const answer = await take(16);
      if (!answer) return null;
      const error = answer.readUInt32BE(4);
      const read = command === commands.read && error === errors.none ? await take(length) : null;
      return { error, read };
    },
  };
};

const ones = Buffer.alloc(sectorBytes, 1);
const left = (disk: WriteCache): Buffer => disk.cut(seededRandom(1), 0).subarray(0, sectorBytes);

it('writes, reads and keeps what it is told to keep', async () => {
  const { ask, disk } = await openDisk();
  expect(await ask(commands.write, 0, ones)).toEqual({ error: errors.none, read: null });
  expect(await ask(commands.read, 0, undefined, 0, sectorBytes)).toEqual({ error: errors.none, read: ones });
  expect(left(disk)).not.toEqual(ones);
  expect(await ask(commands.flush)).toEqual({ error: errors.none, read: null });
  expect(left(disk)).toEqual(ones);
});

it('keeps a write at once that asks for it', async () => {
  const { ask, disk } = await openDisk();
  await ask(commands.write, 0, ones, forceUnitAccess);
  expect(left(disk)).toEqual(ones);
});

it('refuses what lies beyond it and what it does not know, and goes on', async () => {
  const { ask } = await openDisk();
  const trim = 4;
  expect(await ask(commands.write, bytes, ones)).toEqual({ error: errors.invalid, read: null });
  expect(await ask(trim)).toEqual({ error: errors.invalid, read: null });
  expect(await ask(commands.flush)).toEqual({ error: errors.none, read: null });
});

it('stopped at a flush it has not kept what that was about, and answers nobody', async () => {
  const { ask, disk } = await openDisk((server) => server.stop());
  await ask(commands.write, 0, ones);
  expect(await ask(commands.flush)).toBeNull();
  expect(left(disk)).not.toEqual(ones);
  expect(disk.unkept()).toBe(sectorBytes);
});
