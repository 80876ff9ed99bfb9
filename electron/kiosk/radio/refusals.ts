/**
 * A refusal is an answer to the request that it names. noble keeps four of them from whoever asked: at "insufficient
 * authentication", "authorization" and "encryption" it begins a pairing that nobody asked for, and sends nothing more when that
 * comes to nothing; at "invalid PDU" it waits on. And it gives the request that is out whatever refusal comes, also that of a
 * command: commands get none (Core 5.4, Vol 3 Part F, 3.4.5.3), but bleno 0.6.2 sends one.
 */
import type { NobleGatt } from './noble-types.ts';

const attChannel = 0x0004;
const errorResponse = 0x01;
const opcodeAt = 1;
const codeAt = 4;
/** Of an opcode (3.3.1). */
const isCommand = 0x40;
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
    const isRefusal = channel === attChannel && data[0] === errorResponse;
    if (isRefusal && ((data[opcodeAt] ?? 0) & isCommand) !== 0) return;
    const command = gatt._currentCommand;
    const isInvalid = isRefusal && data[codeAt] === invalidPdu;
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
