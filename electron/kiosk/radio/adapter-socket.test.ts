/** The machine's own adapter on Linux, on a native socket that behaves as the real one does (`npm run test:adapter` has that). */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { AdapterSocket } from './adapter-socket.ts';
import { everyPacket, isAdvert } from './advert-filter.ts';
import { plainCommand } from './hci-events.ts';
import { kernelLinks } from './kernel-links.ts';
import { AdapterSockets, type NativeHciSocket } from './native-sockets.ts';

type Adapters = { devId: number; devUp: boolean }[];

/** Hears nothing without a filter; treats packets while its mode is raw, and takes its mode before the bind can fail. */
class NativeSocket extends EventEmitter implements NativeHciSocket {
  mode: 'raw' | 'user' | null = null;
  id: number | null = null;
  filter: Buffer | null = null;
  started = 0;
  readonly written: string[] = [];
  /** What the kernel answers to a write. */
  refuses: { errno: number; message: string } | null = null;
  readonly #adapters: Adapters;

  constructor(adapters: Adapters) {
    super();
    this.#adapters = adapters;
  }
  getDeviceList(): Adapters {
    return this.#adapters;
  }
  bindRaw(deviceId = 0): number {
    this.mode = 'raw';
    if (!this.#adapters.some(({ devId }) => devId === deviceId)) throw new Error('No such device');
    this.id = deviceId;
    return deviceId;
  }
  bindUser(): number {
    this.mode = 'user';
    if (this.id === null) return 0;
    throw new Error('Operation already in progress');
  }
  bindControl(): number {
    throw new Error('not used');
  }
  start(): void {
    this.started += 1;
  }
  stop(): void {
    throw new Error('a stop waits up to a second');
  }
  isDevUp(): boolean {
    return this.#adapters.some(({ devId, devUp }) => devId === this.id && devUp);
  }
  setFilter(filter: Uint8Array): void {
    this.filter = Buffer.from(filter);
  }
  write(packet: Uint8Array): void {
    if (this.refuses) {
      const { errno, message } = this.refuses;
      this.emit('error', Object.assign(new Error(message), { errno, syscall: 'write' }));
    } else this.written.push(Buffer.from(packet).toString('hex'));
  }
  hears(hex: string): void {
    const packet = Buffer.from(hex, 'hex');
    if (this.filter && this.filter.readUInt32LE(0) & (1 << (packet[0] ?? 0))) this.emit('data', packet);
  }
}

const reset = plainCommand(0x0c03);
const readVersion = plainCommand(0x1001);
const hex = (packet: Uint8Array): string => Buffer.from(packet).toString('hex');

const it = folderTest
  .extend('adapters', (): Adapters => [{ devId: 0, devUp: true }])
  .extend('natives', (): NativeSocket[] => [])
  /** The handles of the links that the kernel believes in. */
  .extend('links', (): number[] => [])
  .extend('clock', () => new ManualClock())
  .extend('open', ({ adapters, natives, links, clock }) => {
    const sockets = new AdapterSockets(() => {
      const native = new NativeSocket(adapters);
      natives.push(native);
      return native;
    });
    return (filter = everyPacket): AdapterSocket => {
      const socket = new AdapterSocket({ sockets, clock, links: () => links, filter });
      socket.on('error', () => undefined);
      socket.bindRaw();
      socket.start();
      return socket;
    };
  })
  .extend(
    'started',
    ({ natives }) =>
      (): NativeSocket[] =>
        natives.filter(({ started: count }) => count > 0),
  )
  .extend(
    'pipe',
    ({ adapters, started }) =>
      (): NativeSocket =>
        started().find(({ mode }) => mode === 'user') ?? new NativeSocket(adapters),
  );

it('one socket carries packets without being treated, another one holds what connects', ({
  open,
  started,
}) => {
  open();
  expect(started().map(({ mode }) => mode)).toEqual(['user', 'raw']);
});

it('hears an answer, and a failure of the hardware, before noble has set a filter', ({ open, pipe }) => {
  const socket = open();
  const heard: string[] = [];
  socket.on('data', (packet: Buffer) => heard.push(hex(packet)));
  pipe().hears('040e0401030c00');
  expect(heard).toEqual(['040e0401030c00']);
  expect((pipe().filter?.readUInt32LE(4) ?? 0) & (1 << 0x10)).not.toBe(0);
  socket.setFilter();
  expect((pipe().filter?.readUInt32LE(4) ?? 0) & (1 << 0x10)).not.toBe(0);
});

it("takes the kernel's own data and commands for nothing that the adapter has said", ({ open, pipe }) => {
  const socket = open();
  const heard: string[] = [];
  socket.on('data', (packet: Buffer) => heard.push(hex(packet)));
  pipe().hears('022a000500010004000a');
  pipe().hears('01030c00');
  pipe().hears('022a200500010004000a');
  expect(heard).toEqual(['022a200500010004000a']);
});

it('gives the host what the filter lets through', ({ open, pipe }) => {
  const socket = open((packet) => !isAdvert(packet));
  const heard: string[] = [];
  socket.on('data', (packet: Buffer) => heard.push(hex(packet)));
  pipe().hears('043e0c02010001010000000000c000c4');
  pipe().hears('040e0401030c00');
  expect(heard).toEqual(['040e0401030c00']);
});

it("resets only when the kernel has let go of the links that it believes in, or won't", async ({
  links,
  clock,
  open,
  pipe,
}) => {
  links.push(0x2a);
  const socket = open();
  socket.write(reset);
  expect(pipe().written).toEqual(['010604032a0013']);
  await clock.advance(200);
  expect(pipe().written).toHaveLength(1);
  links.length = 0;
  await clock.advance(25);
  expect(pipe().written).toEqual(['010604032a0013', hex(reset)]);

  links.push(0x2b);
  socket.write(reset);
  await clock.advance(1_250);
  expect(pipe().written.slice(2)).toEqual(['010604032b0013', hex(reset)]);
});

it('a noble that is done with touches the adapter no more', async ({ links, clock, open, started, pipe }) => {
  links.push(0x2a);
  const first = open();
  first.write(reset);
  first.stop();
  const second = open();
  expect(started()).toHaveLength(2);
  const before = pipe().written.length;
  links.length = 0;
  await clock.advance(2_000);
  first.write(reset);
  expect(first.isDevUp()).toBe(false);
  expect(pipe().written).toHaveLength(before);
  expect(second.isDevUp()).toBe(true);
});

it('tells a missing permission by the name that noble knows', ({ open, pipe }) => {
  const socket = open();
  const errors: unknown[] = [];
  socket.on('error', (error: unknown) => errors.push(error));
  pipe().refuses = { errno: 1, message: 'Operation not permitted' };
  socket.write(readVersion);
  expect(errors).toMatchObject([{ code: 'EPERM' }]);
});

it('binds anew once the adapter was pulled, under whatever number it comes back', ({
  adapters,
  open,
  started,
  pipe,
}) => {
  const first = open();
  pipe().refuses = { errno: 32, message: 'Broken pipe' };
  first.write(readVersion);
  expect(first.isDevUp()).toBe(false);
  first.stop();
  adapters.splice(0, 1, { devId: 1, devUp: true });
  const before = started().length;
  open();
  expect(started()).toHaveLength(before + 2);
  expect(started().at(-1)?.id).toBe(1);
});

it('takes an adapter that is up before one that is not, and says when there is none', ({
  adapters,
  open,
  pipe,
}) => {
  adapters.splice(0, 1, { devId: 0, devUp: false }, { devId: 3, devUp: true });
  open();
  expect(pipe().id).toBe(3);
  adapters.length = 0;
  expect(() => open()).toThrow('no adapter');
});

it("reads the kernel's links of one adapter from what the system shows", ({ folder }) => {
  for (const name of ['hci0', 'hci0:64', 'hci0:3585', 'hci1:42', 'hci10:7']) mkdirSync(join(folder, name));
  expect([...kernelLinks(0, folder)].sort()).toEqual([3585, 64]);
  expect(kernelLinks(1, folder)).toEqual([42]);
  expect(kernelLinks(0, join(folder, 'nothing'))).toEqual([]);
});
