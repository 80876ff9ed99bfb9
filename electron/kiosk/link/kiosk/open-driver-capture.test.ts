/** Who a new lock is and whose its code is, proven at the shelf: what an impostor shows does not get as far as the queue. */
import { randomBytes } from 'node:crypto';
import { describe, expect } from 'vitest';
import { volatileMemory } from '#simulators/lock/lock-state.ts';
import { createSimulatedLock, type SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import { lockTest } from '#support/lock-on-bench.ts';
import { systemRandom } from '../../platform/random.ts';
import { captureChallenge, isCaptureProof } from './capture-proof.ts';
import { createCaptureProof } from '../lock/capture-proof.ts';
import { readCertificate } from '../wire/certificates.ts';
import { createFragmenter, createReassembler } from '../wire/frames.ts';
import { decodeInfo } from '../wire/info.ts';
import { encodeInfo } from '../lock/info.ts';
import { linkMessage, messageTypes, readLinkMessage } from '../wire/link-messages.ts';
import { createLockSession, type LockSessionOptions } from '../lock/lock-session.ts';
import { createCertificateCache } from '../lock/certificate-cache.ts';
import { createSigner } from '../lock/signer.ts';

const serialNumber = '0000051a000000aa';
const limits = { deadlineMs: 10_000 };
const challenge = captureChallenge('kiosk', 'enrolment');

const it = lockTest
  .extend('identity', ({ vendor }) => vendor.manufactureLock(serialNumber, 'CAM'))
  /** A new lock with that identity. */
  .extend('fresh', ({ lockBench: bench, identity }) => bench.makeLock(serialNumber, { identity }))
  .extend('on', ({ vendor, lockBench: bench, identity, fresh }) => {
    const capture = () => bench.driver.readEnrolment(serialNumber, challenge, limits);
    /** A lock that has this serial number, and neither the key nor the certificate of the one that has it rightly. */
    const impostorsOwn = (): SimulatedLock =>
      createSimulatedLock({ identity, clock: bench.clock, random: systemRandom, memory: volatileMemory() });
    /** The genuine lock's key, in a firmware that proves what the test says. */
    const proving = (captureProof: LockSessionOptions['captureProof'], of = fresh): LockPeripheral => ({
      ...of,
      connected: (notify) => {
        const session = createLockSession({
          random: systemRandom,
          deviceCertificate: identity.deviceCertificate,
          sign: createSigner(identity.devicePrivateKey),
          cache: createCertificateCache(),
          expectations: () => ({
            roots: [],
            serialNumber,
            now: bench.clock.now(),
            minCustomerEpoch: 0,
            minKeyEpoch: 0,
            keyPublic: null,
            customerKey: null,
          }),
          wantsTime: () => false,
          raiseTimeFloor: () => undefined,
          setTime: () => undefined,
          revoke: () => undefined,
          ...(captureProof === undefined ? {} : { captureProof }),
        });
        const fragmenter = createFragmenter(244);
        const reassembler = createReassembler();
        return {
          receive: (frame) => {
            const message = reassembler.push(frame);
            const action = message && session.receive(message);
            if (action?.type === 'send') for (const each of fragmenter.fragment(action.message)) notify(each);
          },
          disconnected: () => undefined,
        };
      },
    });
    return { vendor, bench, identity, fresh, capture, impostorsOwn, proving };
  });

const notGenuine = { ok: false, error: { code: 'lock.not_genuine', params: { serialNumber } } };

it('a lock’s own code comes with a proof that anyone can verify against its device certificate', async ({
  on,
}) => {
  const offer = await on.capture();
  if (!offer.ok) throw new Error(offer.error.code);
  const { proof, enrolmentCode, deviceCertificate } = offer.value;
  expect(enrolmentCode).toEqual(on.fresh.enrolmentCode());
  const { publicKey } = readCertificate(deviceCertificate);
  expect(proof && isCaptureProof(proof, { challenge, serialNumber, enrolmentCode }, publicKey)).toBe(true);
});

it('a challenge is new for each capture: so is the proof', async ({ on }) => {
  const first = await on.capture();
  const again = await on.bench.driver.readEnrolment(serialNumber, captureChallenge('kiosk', 'other'), limits);
  expect(first.ok && again.ok && Buffer.compare(first.value.proof!, again.value.proof!)).not.toBe(0);
});

it('goes over the smallest frames, too', async ({ on }) => {
  on.bench.radio.add({
    ...on.fresh,
    readInfo: () => encodeInfo({ ...decodeInfo(on.fresh.readInfo()), frameSize: 20 }),
  });
  const offer = await on.capture();
  expect(offer.ok && offer.value.proof).toBeInstanceOf(Uint8Array);
});

describe('is not captured', () => {
  it('an impostor without the device key, who shows the genuine certificate and a code of his own', async ({
    on,
  }) => {
    const other = await on.bench.makeLock('0000051a000000bb');
    const own = on.impostorsOwn().enrolmentCode();
    on.bench.radio.add({
      ...on.fresh,
      readEnrolment: () => own,
      connected: (notify) => other.connected(notify),
    });
    expect(await on.capture()).toEqual(notGenuine);
  });

  it('an impostor who carries the session to the genuine lock and shows a code of his own', async ({
    on,
  }) => {
    const own = on.impostorsOwn().enrolmentCode();
    on.bench.radio.add({ ...on.fresh, readEnrolment: () => own });
    expect(await on.capture()).toEqual(notGenuine);
  });

  it('256 random bytes in the place of the code', async ({ on }) => {
    on.bench.radio.add({ ...on.fresh, readEnrolment: () => new Uint8Array(randomBytes(256)) });
    expect(await on.capture()).toEqual(notGenuine);
  });

  it('a genuine statement over another challenge', async ({ on }) => {
    const enrolmentCode = on.fresh.enrolmentCode();
    const earlier = createCaptureProof(
      { challenge: captureChallenge('kiosk', 'an earlier one'), serialNumber, enrolmentCode },
      createSigner(on.identity.devicePrivateKey),
    );
    on.bench.radio.add(on.proving(() => earlier));
    expect(await on.capture()).toEqual(notGenuine);
  });

  it('the statement of another lock, and one that is none', async ({ on }) => {
    const other = await on.vendor.manufactureLock('0000051a000000bb', 'CAM');
    const enrolmentCode = on.fresh.enrolmentCode();
    const theirs = createCaptureProof(
      { challenge, serialNumber: other.serialNumber, enrolmentCode },
      createSigner(other.devicePrivateKey),
    );
    for (const said of [theirs, new Uint8Array(119), new Uint8Array()]) {
      on.bench.radio.add(on.proving(() => said));
      expect(await on.capture()).toEqual(notGenuine);
    }
  });

  it('a lock of version 2 from whose session the question was taken out, so that it looks like one of version 1', async ({
    on,
  }) => {
    const own = on.impostorsOwn().enrolmentCode();
    const strip = (message: Uint8Array): Uint8Array => {
      const { type, body } = readLinkMessage(message);
      // Method, suite, G_X and C_I: what is left of message 1 without EAD_1.
      return type === messageTypes.message1 ? linkMessage(type, body.slice(0, 37)) : message;
    };
    on.bench.radio.add({
      ...on.fresh,
      readEnrolment: () => own,
      connected: (notify) => {
        const genuine = on.fresh.connected(notify);
        const reassembler = createReassembler();
        const fragmenter = createFragmenter(244);
        return {
          receive: (frame) => {
            const message = reassembler.push(frame);
            if (message) for (const each of fragmenter.fragment(strip(message))) genuine.receive(each);
          },
          disconnected: () => genuine.disconnected(),
        };
      },
    });
    // Under another transcript the lock's answer is noise: it does not even parse, or it is not the lock's.
    const answer = await on.capture();
    expect(answer.ok ? 'captured' : answer.error.code).toMatch(/^lock\.(protocol|not_genuine)$/);
  });

  it('a lock that is bound already, whatever is read of it', async ({ on }) => {
    on.fresh.provisionAtFactory(on.bench.customer.publicKey);
    const own = on.impostorsOwn().enrolmentCode();
    on.bench.radio.add({
      ...on.fresh,
      readInfo: () => encodeInfo({ ...decodeInfo(on.fresh.readInfo()), provisioned: false }),
      readEnrolment: () => own,
    });
    expect(await on.capture()).toEqual({
      ok: false,
      error: { code: 'lock.already_provisioned', params: { serialNumber } },
    });
  });
});

it('a new lock in whose name somebody says that it is bound is captured all the same', async ({ on }) => {
  on.bench.radio.add({
    ...on.fresh,
    readInfo: () => encodeInfo({ ...decodeInfo(on.fresh.readInfo()), provisioned: true }),
  });
  expect(await on.capture()).toMatchObject({ ok: true });
});

describe('a lock of version 1 of the link', () => {
  it.override('fresh', ({ lockBench: bench, identity }) =>
    bench.makeLock(serialNumber, { identity, linkVersion: 1 }),
  );

  it('is captured, and said to have proved nothing of its code', async ({ on }) => {
    expect(await on.capture()).toEqual({
      ok: true,
      value: {
        serialNumber,
        type: 'CAM',
        enrolmentCode: on.fresh.enrolmentCode(),
        deviceCertificate: on.identity.deviceCertificate,
        proof: null,
      },
    });
  });

  it('who carries it and shows a code of his own gets a capture that is marked as unproven', async ({
    on,
  }) => {
    const own = on.impostorsOwn().enrolmentCode();
    on.bench.radio.add({ ...on.fresh, readEnrolment: () => own });
    expect(await on.capture()).toMatchObject({ ok: true, value: { enrolmentCode: own, proof: null } });
  });

  it('still has to answer for its certificate: one who only shows it is not captured', async ({ on }) => {
    const other = await on.bench.makeLock('0000051a000000bb', { linkVersion: 1 });
    on.bench.radio.add({ ...on.fresh, connected: (notify) => other.connected(notify) });
    expect(await on.capture()).toEqual(notGenuine);
  });

  it('is bound when it says so', async ({ on }) => {
    on.fresh.provisionAtFactory(on.bench.customer.publicKey);
    expect(await on.capture()).toMatchObject({ error: { code: 'lock.already_provisioned' } });
  });
});
