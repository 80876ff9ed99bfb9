/** The air panel's hand on the LIVE Lock API sandbox: its faults, and the renewal of the intermediate. */
import { z } from 'zod';
import type { PanelState } from '../panel/contract.ts';

const controlState = z.looseObject({
  mode: z.enum(['normal', 'slow', 'down', 'lose_answer']),
  renewal: z.enum(['on', 'withheld']),
  intermediates: z.array(z.looseObject({ notAfter: z.int() })),
});

export interface VendorControl {
  /** As last heard. */
  readonly vendor: PanelState['vendor'];
  readonly intermediate: PanelState['intermediate'];
  refresh(): Promise<void>;
  mode(mode: PanelState['vendor']): Promise<void>;
  lapse(seconds: number): Promise<void>;
  renew(): Promise<void>;
}

/** Every method rejects when the sandbox does not answer. */
export const createVendorControl = (baseUrl: string, token: string): VendorControl => {
  let vendor: PanelState['vendor'] = 'normal';
  let intermediate: PanelState['intermediate'] = { validUntil: 0, renewal: 'on' };

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
    refresh: () => call('GET', 'state'),
    mode: (mode) => call('POST', 'mode', { mode }),
    lapse: (seconds) => call('POST', 'lapse', { seconds }),
    renew: () => call('POST', 'renew'),
  };
};
