/** Fetches the intermediate and the revocation list at start, regularly, and when half of its life has passed, well before it lapses. */
import { failureFields, type BackendPorts } from '../platform/ports.ts';
import type { Db } from '../store/database.ts';
import type { LiveLockApi } from '../vendor/live-lock-api.ts';
import { halfLife, readIntermediate } from './intermediate.ts';
import { keepRevocations } from './revocations.ts';
import { alignAllStores, keepIntermediate, newestIntermediate } from './trust-store.ts';
import type { VendorRoot } from './vendor-root.ts';

export interface TrustPoller {
  /** Fetches now; false when the vendor gave nothing usable. Never rejects. */
  refresh(): Promise<boolean>;
  dispose(): Promise<void>;
}

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
const longestTimerMs = 2_000_000_000;

export const createTrustPoller = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly api: LiveLockApi;
  readonly vendorRoot: VendorRoot;
  readonly pollMs: number;
  readonly platform: BackendPorts;
}): TrustPoller => {
  const { db, tenantId, platform } = ports;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let disposed = false;
  let running: Promise<boolean> | null = null;

  const fetchOnce = async (): Promise<boolean> => {
    try {
      const delivered = await ports.api.certificates();
      const intermediate = delivered && readIntermediate(delivered);
      if (intermediate && !(await ports.vendorRoot.pin(delivered.root))) {
        platform.logger.error('the vendor delivered another root than the one that is pinned; ignored');
        return false;
      }
      if (intermediate) await keepIntermediate(db, tenantId, intermediate, platform.now());
      const revocations = await ports.api.revocations();
      if (revocations) await keepRevocations(db, tenantId, revocations);
      // Also without news: a lapsed one has to go, and a store may be new.
      await alignAllStores(db, tenantId, platform.now());
      if (!intermediate) platform.logger.warn('no usable intermediate from the vendor');
      return intermediate !== null;
    } catch (failure) {
      platform.logger.warn('intermediate not refreshed', failureFields(failure));
      return false;
    }
  };

  const schedule = async (succeeded: boolean): Promise<void> => {
    failures = succeeded ? 0 : failures + 1;
    let wait = ports.pollMs;
    if (!succeeded) {
      const ceiling = Math.min(longestRetryMs, ports.pollMs, firstRetryMs * 2 ** Math.min(failures, 10));
      wait = Math.max(firstRetryMs / 2, ceiling * platform.jitter());
    } else {
      const newest = await newestIntermediate(db, tenantId);
      const untilHalf = newest ? halfLife(newest) - platform.now() : 0;
      if (untilHalf > 0) wait = Math.min(wait, untilHalf + firstRetryMs);
    }
    if (disposed) return;
    timer = setTimeout(() => void refresh(), Math.min(wait, longestTimerMs));
  };

  const refresh = (): Promise<boolean> => {
    clearTimeout(timer);
    running ??= fetchOnce()
      .then(async (succeeded) => {
        await schedule(succeeded).catch((failure: unknown) => {
          platform.logger.warn('intermediate schedule', failureFields(failure));
          if (!disposed) timer = setTimeout(() => void refresh(), longestRetryMs);
        });
        return succeeded;
      })
      .finally(() => (running = null));
    return running;
  };

  return {
    refresh,
    dispose: async () => {
      disposed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
