import { EventEmitter } from 'node:events';
import { describe, expect, it as base } from 'vitest';
import { createFakeNoble } from '#support/fake-noble.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { serviceUuid } from './gatt-profile.ts';
import type { NoblePeripheral } from './noble-types.ts';
import { createPeers } from './peers.ts';

const minuteMs = 60_000;
const peer = 'c00000000001';
const notAvailable = 127;

const peripheral = (rssi: number, said: { state?: number; serial?: number }): NoblePeripheral =>
  Object.assign(new EventEmitter(), {
    id: peer,
    address: 'c0:00:00:00:00:01',
    rssi,
    mtu: null,
    state: 'disconnected' as const,
    advertisement: {
      manufacturerData: said.state === undefined ? undefined : Buffer.of(said.state),
      serviceData: said.serial === undefined ? [] : [{ uuid: serviceUuid, data: Buffer.of(said.serial) }],
    },
    connect: () => undefined,
    cancelConnect: () => undefined,
    disconnect: () => undefined,
    discoverSomeServicesAndCharacteristics: () => undefined,
  });

const it = base
  .extend('clock', () => new ManualClock())
  .extend('peers', ({ clock }) => createPeers(createFakeNoble().noble, clock));
const nobodyBusy = (): boolean => false;

describe('who was heard', () => {
  it('heard again says what it said last, as strongly as it is heard now', ({ peers }) => {
    peers.heard(peripheral(-50, { state: 1, serial: 9 }));
    peers.heard(peripheral(-51, { state: 2 }));
    const said = { peer, manufacturerData: Uint8Array.of(2), serviceData: Uint8Array.of(9) };
    expect(peers.heardAgain(peer, -70)).toEqual({ ...said, rssi: -70 });
    expect(peers.heardAgain(peer, notAvailable)).toEqual({ ...said, rssi: null });
  });

  it('heard again without having been heard is nobody', ({ peers }) => {
    expect(peers.heardAgain(peer, -70)).toBeNull();
    expect(peers.size).toBe(0);
  });

  it('heard again is nobody while only a part of what it says has arrived', ({ peers }) => {
    peers.heard(peripheral(-50, { state: 1 }));
    expect(peers.heardAgain(peer, -70)).toBeNull();
    peers.heard(peripheral(-50, { state: 1, serial: 9 }));
    expect(peers.heardAgain(peer, -70)).not.toBeNull();
    peers.heard(peripheral(-50, { serial: 9 }));
    expect(peers.heardAgain(peer, -70)).toBeNull();
  });

  it('is known for a minute from when it was last heard, be it again', async ({ clock, peers }) => {
    peers.heard(peripheral(-50, { state: 1, serial: 9 }));
    await clock.advance(minuteMs);
    peers.heardAgain(peer, -50);
    await clock.advance(minuteMs);
    peers.sweep(nobodyBusy);
    expect(peers.size).toBe(1);
    await clock.advance(1);
    peers.sweep(nobodyBusy);
    expect(peers.size).toBe(0);
    expect(peers.heardAgain(peer, -50)).toBeNull();
  });
});
