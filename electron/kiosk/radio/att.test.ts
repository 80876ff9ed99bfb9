import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serviceUuid } from './gatt-profile.ts';
import * as att from './att.ts';
import { RadioError } from './port.ts';

const uuidOnAir = Buffer.from(serviceUuid, 'hex').reverse();

describe('ATT requests', () => {
  it('asks for the service by its UUID, least significant octet first', () => {
    const expected = Buffer.concat([Buffer.from('060100ffff0028', 'hex'), uuidOnAir]);
    expect(att.findService(serviceUuid)).toEqual(expected);
  });

  it('writes a command with opcode, handle and value', () => {
    expect(att.writeCommand(0x1234, Uint8Array.of(9, 8))).toEqual(Buffer.from('5234120908', 'hex'));
  });
});

describe('ATT answers', () => {
  it('reads a service range', () => {
    expect(att.serviceRange(Buffer.from('0708001400', 'hex'))).toEqual({ start: 8, end: 20 });
  });

  it('reads characteristics', () => {
    const answer = Buffer.concat([Buffer.from('09150900020a00', 'hex'), uuidOnAir]);
    expect(att.characteristics(answer)).toEqual([{ declaration: 9, value: 10, uuid: serviceUuid }]);
  });

  it('takes "attribute not found" for the end of a list', () => {
    expect(att.characteristics(Buffer.from('010809000a', 'hex'))).toEqual([]);
    expect(att.clientConfigurationHandle(Buffer.from('010409000a', 'hex'))).toBeNull();
  });

  it('takes "attribute not long" for the end of a value', () => {
    expect(att.valuePart(Buffer.from('010c09000b', 'hex'))).toEqual(Buffer.alloc(0));
  });

  it('rejects a refusal and names its code', () => {
    const refused = (): unknown => att.value(Buffer.from('010a090002', 'hex'));
    expect(refused).toThrow(expect.objectContaining({ failure: 'att_error', cause: 'error 0x2' }));
  });

  it('fails in one way only, whatever a peer answers', () => {
    const readers = [
      att.serviceRange,
      att.characteristics,
      att.clientConfigurationHandle,
      att.value,
      att.valuePart,
      att.written,
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.constantFrom(...readers), (bytes, read) => {
        try {
          read(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(RadioError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
