/** What a lock says of itself in its readable characteristics. Nothing of it is authenticated. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { RadioError, type RadioLink, type ReadableCharacteristic } from '../../../radio/port.ts';
import { decodeInfo, type LockInfo } from '../../wire/info.ts';
import { LinkError } from '../../wire/link-error.ts';
import type { OperationScope } from './operation-scope.ts';
import { endedEarly, linkFailed, radioFailed } from './outcomes.ts';

export const readCharacteristic = async (
  link: RadioLink,
  characteristic: ReadableCharacteristic,
  serialNumber: string,
  scope: OperationScope,
): Promise<Result<Uint8Array>> => {
  const operation = { timeoutMs: scope.remainingMs(), signal: scope.signal };
  try {
    const value = await scope.within(link.read(characteristic, operation));
    return value === null ? endedEarly(serialNumber, scope) : ok(value);
  } catch (error) {
    if (error instanceof RadioError) return radioFailed(serialNumber, scope, error.failure);
    throw error;
  }
};

/** `lock.protocol` for what can't be read, `lock.not_genuine` for another lock than the one that advertised. */
export const readInfo = async (
  link: RadioLink,
  serialNumber: string,
  scope: OperationScope,
): Promise<Result<LockInfo>> => {
  const bytes = await readCharacteristic(link, 'info', serialNumber, scope);
  if (!bytes.ok) return bytes;
  try {
    const info = decodeInfo(bytes.value);
    return info.serialNumber === serialNumber ? ok(info) : fail('lock.not_genuine', { serialNumber });
  } catch (error) {
    if (error instanceof LinkError) return linkFailed(serialNumber, scope, error.failure);
    throw error;
  }
};
