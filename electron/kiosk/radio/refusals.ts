/**
 * A refusal is an answer. noble keeps four of them from whoever asked: at "insufficient authentication", "authorization" and
 * "encryption" it begins a pairing that nobody asked for, and sends nothing more when that comes to nothing; at "invalid PDU"
 * it waits on.
 */
import type { NobleGatt } from './noble-types.ts';

const attChannel = 0x0004;
const errorResponse = 0x01;
const codeAt = 4;
const invalidPdu = 0x04;
/** In its place for noble, which passes this one on (Core 5.4, Vol 3 Part F, 3.4.1.1). */
const unlikelyError = 0x0e;

/** To be called when the link opens, before anything that the peer says is heard. */
export const refusalsAreAnswers = (gatt: NobleGatt): void => {
  const stream = gatt._aclStream;
  // Nobody pairs here: the link has its own proof of who is who.
  stream.removeListener('data', stream._smp.onAclStreamDataBinded);
  gatt._security = 'medium';
  const take = gatt.onAclStreamDataBinded;
  gatt.onAclStreamDataBinded = (channel, data) => {
    const command = gatt._currentCommand;
    const isInvalid = channel === attChannel && data[0] === errorResponse && data[codeAt] === invalidPdu;
    const { callback } = command ?? {};
    if (!isInvalid || !command || !callback) {
      take(channel, data);
      return;
    }
    const passedOn = Buffer.from(data);
    passedOn[codeAt] = unlikelyError;
    command.callback = () => callback(data);
    take(channel, passedOn);
  };
  stream.removeListener('data', take);
  stream.on('data', gatt.onAclStreamDataBinded);
};
