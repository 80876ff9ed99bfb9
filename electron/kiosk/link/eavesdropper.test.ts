/** Someone who hears every packet of every session, and someone who sits in between: what they learn, and what they can do with it. */
import { createHash } from 'node:crypto';
import { describe, expect } from 'vitest';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { fromHex } from './wire/bytes.ts';
import { readCertificate } from './wire/certificates.ts';
import { decodeInfo } from './wire/info.ts';

const limits = { deadlineMs: 10_000 };
const actorHash = new Uint8Array(createHash('sha256').update('staff member').digest());
const command = { holdOpenSeconds: 5, actorHash };

const it = lockTest
  .extend('lock', ({ lockBench: bench }) => bench.makeLock(serialNumber))
  .extend('on', ({ vendor, lockBench: bench, lock, credentials }) => {
    const listen = (): Recording => {
      const recording: Recording = { toLock: [], toKiosk: [] };
      bench.radio.add(overheard(lock, recording));
      return recording;
    };
    const unlock = () => {
      bench.radio.hear(lock);
      return bench.driver.unlock(serialNumber, credentials, command, limits);
    };
    const boltOpen = (): boolean => decodeInfo(lock.readInfo()).boltOpen;
    /** Someone between, who may change what goes by. */
    const between = (
      change: (frame: Uint8Array, direction: 'toLock' | 'toKiosk', index: number) => Uint8Array,
    ): void => {
      bench.radio.add({
        ...lock,
        connected: (notify) => {
          const counts = { toLock: 0, toKiosk: 0 };
          const inner = lock.connected((frame) => notify(change(frame, 'toKiosk', counts.toKiosk++)));
          return {
            receive: (frame) => inner.receive(change(frame, 'toLock', counts.toLock++)),
            disconnected: () => inner.disconnected(),
          };
        },
      });
    };
    return { vendor, bench, lock, credentials, listen, unlock, boltOpen, between };
  });

interface Recording {
  readonly toLock: Uint8Array[];
  readonly toKiosk: Uint8Array[];
}

/** The lock with someone listening to what is written and notified, which is all of a session. */
const overheard = (listened: LockPeripheral, recording: Recording): LockPeripheral => ({
  ...listened,
  connected: (notify) => {
    const inner = listened.connected((frame) => {
      recording.toKiosk.push(frame);
      notify(frame);
    });
    return {
      receive: (frame) => {
        recording.toLock.push(frame);
        inner.receive(frame);
      },
      disconnected: () => inner.disconnected(),
    };
  },
});
/** All that was heard of each direction, with the frames' headers and without. */
const heardIn = ({ toLock, toKiosk }: Recording): Buffer[] =>
  [toLock, toKiosk].flatMap((frames) => [
    Buffer.concat(frames),
    Buffer.concat(frames.map((frame) => frame.subarray(1))),
  ]);

/** Pieces of `length` bytes of it that were heard. */
const piecesIn = (heard: readonly Buffer[], secret: Uint8Array, length: number): string[] =>
  Array.from({ length: Math.max(0, secret.length - length + 1) }, (_, at) =>
    Buffer.from(secret.subarray(at, at + length)),
  )
    .filter((piece) => heard.some((bytes) => bytes.includes(piece)))
    .map((piece) => piece.toString('hex'));

describe('an eavesdropper', () => {
  it('finds no serial number, certificate, key, key id or person in the recording of any exchange', async ({
    on,
  }) => {
    const recording = on.listen();
    const answers = [
      await on.bench.driver.provision(serialNumber, on.credentials, limits),
      await on.unlock(),
      await on.unlock(),
      await on.bench.driver.status(serialNumber, on.credentials, limits),
      await on.bench.driver.identify(serialNumber, on.credentials, limits),
    ];
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const heard = heardIn(recording);
    const { keyCertificate, intermediate, deviceCertificate, privateKey } = on.credentials;
    const certificates = [keyCertificate, intermediate, deviceCertificate];
    const hashes = certificates.map((der) => new Uint8Array(createHash('sha256').update(der).digest()));
    const keys = certificates.map((der) => readCertificate(der).publicKey.subarray(1));
    const { secret } = on.vendor.openEnrolmentCode(on.lock.enrolmentCode());
    const secrets = [
      ...certificates,
      ...hashes,
      ...keys,
      privateKey,
      secret,
      actorHash,
      on.lock.enrolmentCode(),
    ];
    for (const [index, bytes] of secrets.entries())
      expect(piecesIn(heard, bytes, 6), `secret ${index}`).toEqual([]);
    for (const name of [fromHex(serialNumber), Buffer.from(serialNumber)])
      expect(piecesIn(heard, name, 8)).toEqual([]);
    expect(piecesIn(heard, fromHex(serialNumber).slice(3), 5)).toEqual([]);
  });

  it('can not tell from two recordings that they are of the same lock', async ({ on }) => {
    on.lock.provisionAtFactory(on.bench.customer.publicKey);
    const recordings = [on.listen()];
    await on.unlock();
    recordings.push(on.listen());
    await on.unlock();
    const [first = [], second = []] = recordings.map(heardIn);
    // Message 1 begins with the same five bytes in every session of every kiosk with every lock.
    expect(piecesIn(second, Buffer.concat(first), 8)).toEqual([]);
    expect(piecesIn(second, Uint8Array.of(1, 0, 2, 0x58, 0x20), 5)).toHaveLength(1);
  });

  it('opens nothing by repeating a recording to the lock, whole, in part, or turned round', async ({
    on,
  }) => {
    on.lock.provisionAtFactory(on.bench.customer.publicKey);
    const { toLock, toKiosk } = on.listen();
    expect(await on.unlock()).toMatchObject({ ok: true });
    await on.bench.clock.advance(5000);
    for (const frames of [toLock, toKiosk, toLock.slice(1), [...toLock, ...toLock]]) {
      const connection = on.lock.connected(() => undefined);
      for (const frame of frames) connection.receive(frame);
      connection.disconnected();
      expect(on.boltOpen()).toBe(false);
    }
    expect(await on.unlock()).toMatchObject({ ok: true });
  });
});

describe('a man in the middle', () => {
  it.beforeEach(({ on }) => on.lock.provisionAtFactory(on.bench.customer.publicKey));

  it('who puts his own key share in either direction opens nothing and hears no name', async ({ on }) => {
    for (const direction of ['toLock', 'toKiosk'] as const) {
      // A point of the curve in place of the other end's: the x-coordinate of the customer's key.
      const point = on.bench.customer.publicKey.subarray(1, 33);
      const shareAt = direction === 'toLock' ? 6 : 4;
      on.between((frame, towards, index) => {
        if (towards !== direction || index !== 0) return frame;
        const changed = Uint8Array.from(frame);
        changed.set(point, shareAt);
        return changed;
      });
      let committed = false;
      on.bench.radio.hear(on.lock);
      const answer = await on.bench.driver.unlock(serialNumber, on.credentials, command, {
        ...limits,
        onCommitted: () => (committed = true),
      });
      expect(answer.ok ? 'opened' : answer.error.code).toMatch(/^lock\.(protocol|not_genuine)$/);
      expect([committed, on.boltOpen()]).toEqual([false, false]);
    }
  });

  it('who answers as a lock of his own, genuine as it may be, opens nothing', async ({ on }) => {
    const own = await on.bench.makeLock('0000051a000000ee', { provisioned: true });
    on.bench.radio.add({ ...own, address: on.lock.address, readInfo: () => on.lock.readInfo() });
    expect(await on.unlock()).toEqual({
      ok: false,
      error: { code: 'lock.not_genuine', params: { serialNumber } },
    });
    expect([on.boltOpen(), decodeInfo(own.readInfo()).boltOpen]).toEqual([false, false]);
  });

  it('who turns a refusal into consent is not believed', async ({ on }) => {
    on.lock.setJammed(true);
    on.between((frame, towards, index) =>
      towards === 'toKiosk' && index === 1 ? frame.map((byte, at) => (at === 2 ? byte ^ 1 : byte)) : frame,
    );
    expect(await on.unlock()).toMatchObject({ ok: false, error: { code: 'lock.outcome_unknown' } });
    expect(on.boltOpen()).toBe(false);
  });

  it('who changes nothing learns nothing: he can carry a session, and stop it', async ({ on }) => {
    on.between((frame) => frame);
    expect(await on.unlock()).toMatchObject({ ok: true });
  });
});
