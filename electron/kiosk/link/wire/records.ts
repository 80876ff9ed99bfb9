/**
 * Records: what is said inside a session. AES-128-CCM with a 16-byte tag, a key and an IV for each direction from the EDHOC
 * exporter. The nonce is the IV with the record's number XORed into its last 4 bytes; the number is not sent, so a record
 * that is repeated, left out or out of order does not decrypt.
 */
import { keyLength, nonceLength, openCcm, sealCcm } from './edhoc/aes-ccm.ts';
import type { Exporter } from './edhoc/key-schedule.ts';
import { LinkError } from './link-error.ts';

/** EDHOC exporter labels (private use), one pair for each direction. */
export const exporterLabels = {
  kioskKey: 32768,
  kioskIv: 32769,
  lockKey: 32770,
  lockIv: 32771,
} as const;

/** Records in one direction of one session; far above what any session needs. */
const maxRecords = 0xffff;
const tagLength = 16;
const noData = new Uint8Array();

export interface RecordProtection {
  /** Ciphertext ‖ tag. */
  seal(plain: Uint8Array): Uint8Array;
  /** Throws LinkError `bad_record`; the session is then over. */
  open(record: Uint8Array): Uint8Array;
}

const createNonces = (iv: Uint8Array): (() => Uint8Array) => {
  let count = 0;
  return () => {
    if (count > maxRecords) throw new LinkError('bad_record', 'too many records');
    const nonce = iv.slice();
    const view = new DataView(nonce.buffer);
    view.setUint32(nonceLength - 4, (view.getUint32(nonceLength - 4) ^ count) >>> 0);
    count += 1;
    return nonce;
  };
};

export const createRecords = (exporter: Exporter, end: 'kiosk' | 'lock'): RecordProtection => {
  const kiosk = [
    exporter(exporterLabels.kioskKey, keyLength),
    exporter(exporterLabels.kioskIv, nonceLength),
  ] as const;
  const lock = [
    exporter(exporterLabels.lockKey, keyLength),
    exporter(exporterLabels.lockIv, nonceLength),
  ] as const;
  const [sendKey, sendIv] = end === 'kiosk' ? kiosk : lock;
  const [receiveKey, receiveIv] = end === 'kiosk' ? lock : kiosk;
  const nextSent = createNonces(sendIv);
  const nextReceived = createNonces(receiveIv);
  return {
    seal: (plain) => sealCcm(sendKey, nextSent(), noData, plain, tagLength),
    open: (record) => openCcm(receiveKey, nextReceived(), noData, record, tagLength),
  };
};
