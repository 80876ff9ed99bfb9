/** Who is near, while the radio has its ears elsewhere. */
import { describe, expect, it as base } from 'vitest';
import { FakeRadio } from '#support/fake-radio.ts';
import { ScriptedLock } from '#support/scripted-lock.ts';
import { createNearby } from '../../../visit/nearby.ts';
import { goneAfterMs } from '../../../visit/proximity.ts';
import { ManualClock } from '../../../platform/manual-clock.ts';
import { encodeAdvertisement } from '../../lock/advertisement.ts';
import { createPresence } from './presence.ts';

class AdvertisingLock extends ScriptedLock {
  override advertisement(): ReturnType<ScriptedLock['advertisement']> {
    const state = { provisioned: true, boltOpen: false, tamper: false, batteryLow: false, battery: 90 };
    return encodeAdvertisement(this.serialNumber, state);
  }
}

const one = new AdvertisingLock(1);
const other = new AdvertisingLock(2);
/** As long as a person may wait for a lock that has lost its power. */
const longConnectMs = 30_000;

const it = base
  .extend('clock', () => new ManualClock())
  .extend('radio', ({ clock }) => new FakeRadio({ clock }))
  .extend('presence', ({ radio, clock }) => createPresence(radio, clock))
  .extend('nearby', ({ presence, clock }) => createNearby({ sightings$: presence.sightings$, clock }))
  .extend('hearFor', ({ radio, clock }) => async (lock: ScriptedLock, ms: number, rssi: number | null) => {
    for (let passed = 0; passed < ms; passed += 100) {
      radio.hear(lock, { rssi });
      await clock.advance(100);
    }
  });

describe('while the radio connects to another lock and can hear nobody', () => {
  it('a lock stays in range, as near as it was, however long that lasts', async ({
    clock,
    radio,
    nearby,
    hearFor,
  }) => {
    await hearFor(one, 5_000, -80);
    const before = nearby.get(one.serialNumber);
    expect(before?.proximity).toBe('far');
    radio.setListening(false);
    await clock.advance(longConnectMs);
    expect(nearby.get(one.serialNumber)).toEqual(before);
    radio.setListening(true);
    // Its average goes on: one strong advertisement does not bring it here.
    radio.hear(one, { rssi: -50 });
    expect(nearby.get(one.serialNumber)?.proximity).toBe('far');
  });

  it('a lock that was silent before does not come back by it', async ({ clock, radio, nearby, hearFor }) => {
    await hearFor(one, 1_000, -60);
    await clock.advance(goneAfterMs - 1_000);
    radio.setListening(false);
    await clock.advance(longConnectMs);
    expect(nearby.get(one.serialNumber)).toBeNull();
  });

  it('a lock that was taken away meanwhile is gone soon after', async ({ clock, radio, nearby, hearFor }) => {
    await hearFor(one, 1_000, -60);
    radio.setListening(false);
    await clock.advance(longConnectMs);
    radio.setListening(true);
    await clock.advance(goneAfterMs + 2_000);
    expect(nearby.get(one.serialNumber)).toBeNull();
  });

  it('a second lock is connected to next, without having to be heard anew', async ({
    clock,
    radio,
    presence,
  }) => {
    radio.hear(other);
    radio.setListening(false);
    await clock.advance(longConnectMs);
    expect(presence.peerOf(other.serialNumber)).toBe(other.address);
    radio.setListening(true);
    expect(presence.peerOf(other.serialNumber)).toBeNull();
  });

  it('nobody is kept in range by a radio that is gone', async ({ clock, radio, nearby }) => {
    radio.hear(one);
    radio.setListening(false);
    radio.setState('no_dongle');
    await clock.advance(goneAfterMs + 2_000);
    expect(nearby.get(one.serialNumber)).toBeNull();
  });

  it('waiting for a lock that was long silent goes on until it is heard', async ({
    clock,
    radio,
    presence,
  }) => {
    radio.hear(one);
    await clock.advance(4_000);
    const stop = new AbortController();
    let found: string | null | undefined;
    void presence.waitFor(one.serialNumber, stop.signal).then((peer) => (found = peer));
    radio.setListening(false);
    await clock.advance(2_000);
    expect(found).toBeUndefined();
    radio.setListening(true);
    radio.hear(one);
    await clock.advance(0);
    expect(found).toBe(one.address);
  });
});

it('what a copy advertises is not shown while the lock itself is linked, and says nothing on the air', async ({
  clock,
  radio,
  presence,
  nearby,
}) => {
  const tampered = { provisioned: true, boltOpen: false, tamper: true, batteryLow: false, battery: 90 };
  const { advertising, scanResponse } = encodeAdvertisement(one.serialNumber, tampered);
  const hearCopy = (): void =>
    radio.hearRaw({
      peer: 'copy',
      rssi: -40,
      manufacturerData: advertising.slice(23),
      serviceData: scanResponse.slice(18),
    });
  radio.hear(one);
  presence.proven(one.serialNumber, one.address);
  const unlinked = presence.linked(one.serialNumber, one.address);
  await clock.advance(10_000);
  hearCopy();
  expect(nearby.get(one.serialNumber)?.tamper).toBe(false);
  unlinked();
  await clock.advance(4_000);
  hearCopy();
  expect(nearby.get(one.serialNumber)?.tamper).toBe(true);
});

describe('a signal strength that nobody knows', () => {
  it('puts a lock in range, and not near', async ({ nearby, hearFor }) => {
    await hearFor(one, 5_000, null);
    expect(nearby.get(one.serialNumber)?.proximity).toBe('unknown');
  });

  it('now and then, changes nothing of how near it is', async ({ nearby, hearFor }) => {
    for (let round = 0; round < 20; round += 1) {
      await hearFor(one, 900, -85);
      await hearFor(one, 100, null);
      expect(nearby.get(one.serialNumber)?.proximity).toBe('far');
    }
  });

  it('for long, says that nobody knows any more; the first that is known decides at once', async ({
    radio,
    nearby,
    hearFor,
  }) => {
    await hearFor(one, 2_000, -50);
    await hearFor(one, goneAfterMs, null);
    expect(nearby.get(one.serialNumber)?.proximity).toBe('here');
    await hearFor(one, 300, null);
    expect(nearby.get(one.serialNumber)?.proximity).toBe('unknown');
    radio.hear(one, { rssi: -90 });
    expect(nearby.get(one.serialNumber)?.proximity).toBe('far');
  });
});
