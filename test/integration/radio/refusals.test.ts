/** What a peer refuses is an answer, at once, whatever it gives for a reason (Core 5.4, Vol 3 Part F, 3.4.1.1). */
import { firstValueFrom } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { AttPeer, attChannel, serviceAnswer } from '#support/att-peer.ts';
import { createRadioRig, nextAdvert, type RadioRig } from '#support/radio-rig.ts';

let rig: RadioRig;
afterEach(() => rig.dispose());

/** Nothing here waits for a deadline: a test that is slow has failed. */
const patient = { timeoutMs: 60_000 };

const op = { mtu: 0x02, read: 0x0a, readBlob: 0x0c, write: 0x12, writeCommand: 0x52 } as const;
const everyCode = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11, 0x80,
  0xff,
];

/** Refuses requests of one kind, and does everything else. */
const refusing = (kind: number, code: number) => {
  const peer = new AttPeer(rig.air, (request) =>
    request[0] === kind
      ? Buffer.from([0x01, kind, request[1] ?? 0, request[2] ?? 0, code])
      : request[0] === op.mtu
        ? Buffer.from([0x03, 0x00, 0x01])
        : serviceAnswer(request),
  );
  return peer;
};

describe.each(everyCode)('a refusal with %d', (code) => {
  it('of a read is told to whoever reads, and the link goes on', async () => {
    rig = createRadioRig(0);
    const peer = refusing(op.read, code);
    const radio = rig.radio();
    await firstValueFrom(radio.advertisements$);
    const link = await radio.connect(peer.peer, patient);
    for (let round = 0; round < 2; round += 1) {
      await expect(link.read('info', patient)).rejects.toMatchObject({
        failure: 'att_error',
        cause: `error 0x${code.toString(16)}`,
      });
    }
    expect([...peer.channels]).toEqual([attChannel]);
  });

  it('of a larger MTU leaves the smallest', async () => {
    rig = createRadioRig(0);
    const peer = refusing(op.mtu, code);
    const radio = rig.radio();
    await firstValueFrom(radio.advertisements$);
    const link = await radio.connect(peer.peer, patient);
    expect(link.maxFrame).toBe(20);
    expect([...peer.channels]).toEqual([attChannel]);
  });

  it('of the subscription ends the link, and says that it was refused', async () => {
    rig = createRadioRig(0);
    const peer = refusing(op.write, code);
    const radio = rig.radio();
    await firstValueFrom(radio.advertisements$);
    const link = await radio.connect(peer.peer, patient);
    expect(await link.closed).toBe('att_error');
  });
});

/** "Attribute not long" is how some peers say that a value has ended. */
const notLong = 0x0b;
it.each(everyCode.filter((code) => code !== notLong))(
  'of the second part of a value with %d is no shorter value',
  async (code) => {
    rig = createRadioRig(0);
    const peer = refusing(op.readBlob, code);
    const radio = rig.radio();
    await firstValueFrom(radio.advertisements$);
    const link = await radio.connect(peer.peer, patient);
    await expect(link.read('certificate', patient)).rejects.toMatchObject({
      failure: 'att_error',
      cause: `error 0x${code.toString(16)}`,
    });
    expect(peer.requests.filter(([opcode]) => opcode === op.readBlob)).toHaveLength(1);
  },
);

it('of an enrolment code is how a lock that is bound answers, at once', async () => {
  rig = createRadioRig(1);
  const [lock] = rig.locks;
  lock!.enrolment = null;
  const radio = rig.radio();
  await nextAdvert(radio, lock!.peer);
  const link = await radio.connect(lock!.peer, patient);
  await expect(link.read('enrolment', patient)).rejects.toMatchObject({
    failure: 'att_error',
    cause: 'error 0x2',
  });
  expect(await link.read('info', patient)).not.toHaveLength(0);
});

it('of a command, which no peer may send, is taken for no other answer', async () => {
  rig = createRadioRig(0);
  const peer = refusing(op.writeCommand, 0x03);
  const radio = rig.radio();
  await firstValueFrom(radio.advertisements$);
  const link = await radio.connect(peer.peer, patient);
  const sent = link.send(Uint8Array.of(1), patient);
  expect(await link.read('info', patient)).not.toHaveLength(0);
  await sent;
});
