/** noble's own reader of packets, with no adapter below it. */
import type { EventEmitter } from 'node:events';
import { VirtualHciSocket } from '#simulators/air/hci-socket.ts';
import { expect, it as base } from 'vitest';
import { loadNoble } from './load-noble.ts';
import { hciBindingsOf, type NobleHciBindings } from './noble-types.ts';

type Hci = NobleHciBindings['_hci'] & EventEmitter;

const handle = 0x40;
const begins = 0x2000;
const goesOn = 0x1000;
const acl = (flags: number, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = 2;
  head.writeUInt16LE(handle | flags, 1);
  head.writeUInt16LE(body.length, 3);
  return Buffer.concat([head, body]);
};
/** A packet's beginning, which says that it has `length` bytes. */
const beginning = (length: number, bytes: Buffer): Buffer =>
  acl(begins, Buffer.concat([Buffer.from([length & 0xff, length >> 8, 4, 0]), bytes]));

const it = base
  .extend('hci', ({}, { onCleanup }) => {
    const loaded = loadNoble(new VirtualHciSocket(null));
    if (!loaded.ok) throw new Error(loaded.cause);
    onCleanup(() => loaded.dispose());
    return hciBindingsOf(loaded.noble)?._hci as Hci;
  })
  .extend('arrived', ({ hci }) => {
    const arrived: Buffer[] = [];
    hci.on('aclDataPkt', (_handle: number, _channel: number, data: Buffer) => arrived.push(data));
    return arrived;
  });

it('a packet in parts arrives whole', ({ hci, arrived }) => {
  hci.onSocketData(beginning(5, Buffer.from('abc')));
  hci.onSocketData(acl(goesOn, Buffer.from('de')));
  expect(arrived.map(String)).toEqual(['abcde']);
  expect(hci._handleBuffers).toEqual({});
});

it('a packet that goes on past its length is dropped, and so is what continues it', ({ hci, arrived }) => {
  hci.onSocketData(beginning(5, Buffer.from('abc')));
  for (let count = 0; count < 3; count += 1) {
    hci.onSocketData(acl(goesOn, Buffer.from('defg')));
    expect(hci._handleBuffers).toEqual({});
  }
  hci.onSocketData(beginning(2, Buffer.from('abc')));
  expect(hci._handleBuffers).toEqual({});
  expect(arrived).toEqual([]);
});

it('a packet too short for its head is left out, the adapter’s own too', ({ hci, arrived }) => {
  for (let length = 1; length < 9; length += 1)
    hci.onSocketData(beginning(1, Buffer.from('a')).subarray(0, length));
  for (let code = 0; code < 0x100; code += 1) {
    for (let length = 0; length < 12; length += 1) {
      hci.onSocketData(Buffer.from([4, code, length, ...Array.from({ length }, () => 0xff)]));
    }
  }
  expect(arrived).toEqual([]);
});
