/** The air panel's hand on the LIVE Lock API sandbox: its faults, and the renewal of the intermediate. */
import { z } from 'zod';
import type { PanelState } from '../panel/contract.ts';

const controlState = z.looseObject({
  mode: z.enum(['normal', 'slow', 'down', 'lose_answer']),
  renewal: z.enum(['on', 'withheld']),
  intermediates: z.array(z.looseObject({ notAfter: z.int() })),
  revoked: z.array(z.string()),
});

export interface VendorControl {
  /** As last heard. */
  readonly vendor: PanelState['vendor'];
  readonly intermediate: PanelState['intermediate'];
  /** Locks whose Key Certificate was revoked. */
  readonly revoked: ReadonlySet<string>;
  refresh(): Promise<void>;
  mode(mode: PanelState['vendor']): Promise<void>;
  lapse(seconds: number): Promise<void>;
  renew(): Promise<void>;
  /** From now on this lock takes none of the Key Certificates that were issued before, once it has heard of it. */
  revokeKey(serialNumber: string): Promise<void>;
}

/** The sandbox issues keys of epoch 1: from the next one on they are good again. */
const epochAfterFirst = 2;

/** Every method rejects when the sandbox does not answer. */
export const createVendorControl = (baseUrl: string, token: string, owner: string): VendorControl => {
  let vendor: PanelState['vendor'] = 'normal';
  let intermediate: PanelState['intermediate'] = { validUntil: 0, renewal: 'on' };
  let revoked: ReadonlySet<string> = new Set();

  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<void> => {
    const response = await fetch(`${baseUrl}/control/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(`the LIVE Lock API sandbox answered ${response.status} to ${path}`);
    const state = controlState.parse(await response.json());
    vendor = state.mode;
    revoked = new Set(state.revoked);
    const validUntil = Math.max(0, ...state.intermediates.map(({ notAfter }) => notAfter));
    intermediate = { validUntil, renewal: state.renewal };
  };

  return {
    get vendor() {
      return vendor;
    },
    get intermediate() {
      return intermediate;
    },
    get revoked() {
      return revoked;
    },
    refresh: () => call('GET', 'state'),
    mode: (mode) => call('POST', 'mode', { mode }),
    lapse: (seconds) => call('POST', 'lapse', { seconds }),
    renew: () => call('POST', 'renew'),
    revokeKey: (serialNumber) => call('POST', 'revoke', { owner, serialNumber, minEpoch: epochAfterFirst }),
  };
};
