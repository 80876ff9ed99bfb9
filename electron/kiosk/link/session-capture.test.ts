/** The question of a capture within a session: who answers it, and who is served without it. */
import { describe, expect, it } from 'vitest';
import { deviceCertificate, deviceKey, kioskEnd, lockEnd } from '#support/link-world.ts';
import { seededRandom } from '../platform/seeded-random.ts';
import { eadItem, eadLabels, findEad } from './wire/edhoc/ead.ts';
import { openMessage2, startInitiator } from './kiosk/initiator.ts';
import { drawEphemeral, suite2 } from './wire/edhoc/suites.ts';
import { linkMessage, messageTypes, readLinkMessage } from './wire/link-messages.ts';
import type { KioskAction } from './kiosk/session.ts';
import type { LockAction } from './lock/session.ts';

const challenge = new Uint8Array(32).fill(9);
const proof = new Uint8Array(119).fill(7);
const sent = (action: KioskAction | LockAction): Uint8Array => {
  if (action.type !== 'send') throw new Error(action.type);
  return action.message;
};
const asked = (captureProof?: (challenge: Uint8Array) => Uint8Array | null): KioskAction => {
  const kiosk = kioskEnd({ captureChallenge: challenge });
  const lock = lockEnd(captureProof === undefined ? {} : { captureProof });
  return kiosk.receive(sent(lock.receive(sent(kiosk.start()))));
};

describe('a kiosk that asks', () => {
  it('gets what the lock says to its challenge', () => {
    const seen: Uint8Array[] = [];
    const answer = asked((heard) => {
      seen.push(heard);
      return proof;
    });
    expect(answer).toEqual({ type: 'ready', timeChallenge: null, earlyStart: null, captureProof: proof });
    expect(seen).toEqual([challenge]);
  });

  it('is told by a lock that is not new that it is not', () => {
    expect(asked(() => null)).toEqual({
      type: 'ready',
      timeChallenge: null,
      earlyStart: null,
      captureProof: null,
    });
  });

  it('goes on with a lock of version 1, which passes over the question', () => {
    const answer = asked();
    expect(answer).toEqual({ type: 'ready', timeChallenge: null, earlyStart: null });
    expect(answer).not.toHaveProperty('captureProof');
  });
});

/** Message 2 of a lock of version 2 to a message 1 with this item in it. */
const toldTo = (value: Uint8Array | null | undefined): Uint8Array | null | undefined => {
  const items = value === undefined ? [] : [eadItem(eadLabels.captureChallenge, value)];
  const start = startInitiator(suite2, drawEphemeral(suite2, seededRandom(1)), 0, items);
  const lock = lockEnd({ captureProof: () => proof });
  const message2 = sent(lock.receive(linkMessage(messageTypes.message1, start.message1)));
  return findEad(openMessage2(start, readLinkMessage(message2).body).ead, eadLabels.captureProof);
};

describe('a lock of version 2', () => {
  it('answers a challenge of 32 bytes, and leaves one of another length or none aside', () => {
    expect(toldTo(challenge)).toEqual(proof);
    for (const other of [undefined, null, new Uint8Array(), challenge.slice(1), new Uint8Array(33)])
      expect(toldTo(other)).toBeUndefined();
  });

  it('serves a kiosk of version 1 as a lock of version 1 does, byte for byte', () => {
    const message1 = sent(kioskEnd().start());
    const { sign } = deviceKey;
    const [two, one] = [
      lockEnd({ captureProof: () => proof, sign, deviceCertificate }),
      lockEnd({ sign, deviceCertificate }),
    ];
    expect(two.receive(message1)).toEqual(one.receive(message1));
  });
});
