/** The six ATT requests that finding and using one service takes (Bluetooth Core, Vol 3 Part F, 3.4). Pure: bytes only. */
import { RadioError } from './port.ts';

const op = {
  error: 0x01,
  findInformation: 0x04,
  findInformationAnswer: 0x05,
  findByTypeValue: 0x06,
  findByTypeValueAnswer: 0x07,
  readByType: 0x08,
  readByTypeAnswer: 0x09,
  read: 0x0a,
  readAnswer: 0x0b,
  readBlob: 0x0c,
  readBlobAnswer: 0x0d,
  write: 0x12,
  writeAnswer: 0x13,
  writeCommand: 0x52,
} as const;

const attributeNotFound = 0x0a;
const attributeNotLong = 0x0b;
const primaryService = 0x2800;
const characteristicDeclaration = 0x2803;
const clientConfiguration = 0x2902;

export interface HandleRange {
  readonly start: number;
  readonly end: number;
}

export interface FoundCharacteristic {
  readonly declaration: number;
  readonly value: number;
  readonly uuid: string;
}

const pdu = (opcode: number, ...fields: readonly (number | Uint8Array)[]): Buffer =>
  Buffer.concat([
    Buffer.from([opcode]),
    ...fields.map((field) =>
      typeof field === 'number' ? Buffer.from([field & 0xff, (field >> 8) & 0xff]) : field,
    ),
  ]);

/** UUIDs are text in natural order and bytes in the reverse. */
const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid, 'hex').reverse();
const uuidText = (bytes: Buffer): string => Buffer.from(bytes).reverse().toString('hex');

export const findService = (uuid: string): Buffer =>
  pdu(op.findByTypeValue, 0x0001, 0xffff, primaryService, uuidBytes(uuid));
export const findCharacteristics = (range: HandleRange): Buffer =>
  pdu(op.readByType, range.start, range.end, characteristicDeclaration);
export const findDescriptors = (range: HandleRange): Buffer =>
  pdu(op.findInformation, range.start, range.end);
export const read = (handle: number): Buffer => pdu(op.read, handle);
export const readBlob = (handle: number, offset: number): Buffer => pdu(op.readBlob, handle, offset);
export const write = (handle: number, value: Uint8Array): Buffer => pdu(op.write, handle, value);
export const writeCommand = (handle: number, value: Uint8Array): Buffer =>
  pdu(op.writeCommand, handle, value);

const refused = (what: string): RadioError => new RadioError('att_error', { cause: what });

const expect = (answer: Buffer, opcode: number): Buffer => {
  if (answer[0] === opcode) return answer.subarray(1);
  const code = answer[0] === op.error ? answer[4] : undefined;
  throw refused(code === undefined ? 'unexpected answer' : `error 0x${code.toString(16)}`);
};

const isNotFound = (answer: Buffer): boolean => answer[0] === op.error && answer[4] === attributeNotFound;

/** Throws `RadioError('att_error')` when the peer has no such service. */
export const serviceRange = (answer: Buffer): HandleRange => {
  const body = expect(answer, op.findByTypeValueAnswer);
  if (body.length < 4) throw refused('short answer');
  return { start: body.readUInt16LE(0), end: body.readUInt16LE(2) };
};

/** Empty when there are no more. */
export const characteristics = (answer: Buffer): FoundCharacteristic[] => {
  if (isNotFound(answer)) return [];
  const body = expect(answer, op.readByTypeAnswer);
  const size = body[0] ?? 0;
  const found: FoundCharacteristic[] = [];
  if (size < 7) return found;
  for (let offset = 1; offset + size <= body.length; offset += size) {
    found.push({
      declaration: body.readUInt16LE(offset),
      value: body.readUInt16LE(offset + 3),
      uuid: uuidText(body.subarray(offset + 5, offset + size)),
    });
  }
  return found;
};

/** The client configuration's handle among the descriptors; null when it is not there. */
export const clientConfigurationHandle = (answer: Buffer): number | null => {
  if (isNotFound(answer)) return null;
  const body = expect(answer, op.findInformationAnswer);
  const shortUuids = body[0] === 0x01;
  for (let offset = 1; shortUuids && offset + 4 <= body.length; offset += 4) {
    if (body.readUInt16LE(offset + 2) === clientConfiguration) return body.readUInt16LE(offset);
  }
  return null;
};

export const value = (answer: Buffer): Buffer => expect(answer, op.readAnswer);

/** Empty when there was nothing more to read, which some peers say by "attribute not long". */
export const valuePart = (answer: Buffer): Buffer =>
  answer[0] === op.error && answer[4] === attributeNotLong
    ? Buffer.alloc(0)
    : expect(answer, op.readBlobAnswer);

export const written = (answer: Buffer): void => void expect(answer, op.writeAnswer);

export const notifications: Uint8Array = Uint8Array.of(0x01, 0x00);
