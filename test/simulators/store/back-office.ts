/** The air panel's hand on the backend: what an operator of this store orders. */
import { z } from 'zod';

const lockList = z.looseObject({
  locks: z.array(z.looseObject({ serialNumber: z.string(), toBeReleased: z.boolean() })),
});

export interface BackOffice {
  /** Locks that are to be given back, as last heard. */
  readonly toBeReleased: ReadonlySet<string>;
  /** Where the backend is; before, there is nobody who could order anything. */
  open(port: number): void;
  refresh(): Promise<void>;
  /** A person at a kiosk of the store gives the lock back then. */
  orderRelease(serialNumber: string): Promise<void>;
}

/** Every method rejects when the backend does not answer 2xx. */
export const createBackOffice = (token: string, storeId: string): BackOffice => {
  let port: number | null = null;
  let toBeReleased: ReadonlySet<string> = new Set();

  const call = async (method: 'GET' | 'POST', path: string): Promise<Response> => {
    if (port === null) throw new Error('the backend is not there yet');
    const response = await fetch(`http://127.0.0.1:${port}/v1/admin/stores/${storeId}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(20_000),
    });
    if (!response.ok) throw new Error(`the backend answered ${response.status} to ${method} ${path}`);
    return response;
  };
  const refresh = async (): Promise<void> => {
    const { locks } = lockList.parse(await (await call('GET', 'locks')).json());
    toBeReleased = new Set(locks.filter((lock) => lock.toBeReleased).map((lock) => lock.serialNumber));
  };

  return {
    get toBeReleased() {
      return toBeReleased;
    },
    open: (at) => {
      port = at;
    },
    refresh: () => (port === null ? Promise.resolve() : refresh()),
    orderRelease: async (serialNumber) => {
      await call('POST', `locks/${serialNumber}/release`);
      await refresh();
    },
  };
};
