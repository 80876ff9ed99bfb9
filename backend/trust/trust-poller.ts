/** Fetches the intermediate and the revocation list at start, regularly, and when half of its life has passed, well before it lapses. */
import { backoffMs } from '#shared/flow/backoff.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { BackendPorts } from '../platform/ports.ts';
import type { Db } from '../store/database.ts';
import type { LiveLockApi, VendorCertificates } from '../live-lock/live-lock-api.ts';
import { halfLife, readIntermediate } from './intermediate.ts';
import { judgeIntermediate, type IntermediateFault } from './judge.ts';
import { judgeRevocations, type RevocationStanding } from './judge-revocations.ts';
import { noteStanding } from './revocation-standing.ts';
import { heldParts, keepParts } from './revocations.ts';
import { alignAllStores, keepIntermediate, newestIntermediate } from './trust-store.ts';
import type { VendorRoot } from './vendor-root.ts';

export type TrustRefresh =
  | { readonly refreshed: true }
  /** `no_answer`: nothing usable came. `unavailable`: it could not be kept. All else: what came was refused. */
  | {
      readonly refreshed: false;
      readonly reason:
        | IntermediateFault
        | 'other_root'
        | 'no_answer'
        | 'unavailable'
        /** The intermediate is as it should be: it is the revocation list (`GET /v1/admin/trust` says why). */
        | 'revocations_failed'
        | 'revocations_gone_back';
    };

export interface TrustPoller {
  /** Fetches now: what it comes to was asked for after the call. Never rejects. */
  refresh(): Promise<TrustRefresh>;
  /** What the newest refresh of this instance came to, and when (ms since the epoch); null before the first. */
  readonly last: (TrustRefresh & { readonly at: number }) | null;
  dispose(): Promise<void>;
}

const firstRetryMs = 1_000;
const longestRetryMs = 60_000;
const longestTimerMs = 2_000_000_000;

export const createTrustPoller = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly owner: string;
  readonly api: Pick<LiveLockApi, 'certificates' | 'revocations'>;
  readonly vendorRoot: VendorRoot;
  readonly pollMs: number;
  readonly platform: BackendPorts;
}): TrustPoller => {
  const { db, tenantId, owner, platform } = ports;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let disposed = false;
  let running: Promise<TrustRefresh> | null = null;
  /** The one after it, for all who have called since it began. */
  let next: Promise<TrustRefresh> | null = null;
  let last: TrustPoller['last'] = null;

  /** Null once it is kept; else why it is not. */
  const take = async (delivered: VendorCertificates): Promise<IntermediateFault | 'other_root' | null> => {
    const pinned = await ports.vendorRoot.get();
    if (pinned !== null && pinned !== delivered.root) return 'other_root';
    const held = await newestIntermediate(db, tenantId);
    const fault = judgeIntermediate(delivered, held, platform.now());
    if (fault !== null) return fault;
    const intermediate = readIntermediate(delivered);
    if (!intermediate) return 'certificate_malformed';
    if (!(await ports.vendorRoot.pin(delivered.root))) return 'other_root';
    await keepIntermediate(db, tenantId, intermediate, platform.now());
    return null;
  };

  const takeRevocations = async (): Promise<RevocationStanding> => {
    // Read before the vendor is asked: what another instance keeps meanwhile is no reason to find that the vendor has gone back.
    const held = await heldParts(db, { tenantId, owner });
    const outcome = await ports.api.revocations();
    const [root, intermediate] = [await ports.vendorRoot.get(), await newestIntermediate(db, tenantId)];
    const expectations =
      root !== null && intermediate ? { root, intermediate: intermediate.certificate } : null;
    const standing = judgeRevocations(outcome, held, expectations);
    if (standing.state === 'lists' && outcome.kind === 'lists') {
      await keepParts(db, { tenantId, owner }, outcome.parts);
    }
    return standing;
  };

  const fetchOnce = async (): Promise<TrustRefresh> => {
    try {
      const delivered = await ports.api.certificates();
      const reason = delivered ? await take(delivered) : 'no_answer';
      if (reason === 'no_answer') platform.logger.warn('no usable intermediate from the vendor');
      else if (reason !== null) {
        platform.logger.error('the vendor delivered an intermediate that is refused; not kept', { reason });
      }
      // Whoever has another root has nothing to say about what was revoked either.
      const standing =
        reason === 'other_root' ? ({ state: 'failed', reason } as const) : await takeRevocations();
      await noteStanding(ports, standing);
      // Also without news: a lapsed one has to go, and a store may be new.
      if (reason !== 'other_root') await alignAllStores(db, tenantId, platform.now());
      if (reason !== null) return { refreshed: false, reason };
      const { state } = standing;
      return state === 'failed' || state === 'gone_back'
        ? { refreshed: false, reason: `revocations_${state}` }
        : { refreshed: true };
    } catch (failure) {
      platform.logger.warn('intermediate not refreshed', describeThrown(failure));
      return { refreshed: false, reason: 'unavailable' };
    }
  };

  const schedule = async (succeeded: boolean): Promise<void> => {
    failures = succeeded ? 0 : failures + 1;
    let wait = ports.pollMs;
    if (!succeeded) {
      const retry = {
        firstMs: 2 * firstRetryMs,
        longestMs: Math.min(longestRetryMs, ports.pollMs),
        chance: 1,
      };
      wait = Math.max(firstRetryMs / 2, backoffMs(retry, failures, platform.jitter()));
    } else {
      const newest = await newestIntermediate(db, tenantId);
      const untilHalf = newest ? halfLife(newest) - platform.now() : 0;
      if (untilHalf > 0) wait = Math.min(wait, untilHalf + firstRetryMs);
    }
    if (disposed) return;
    timer = setTimeout(() => void refresh(), Math.min(wait, longestTimerMs));
  };

  const begin = (): Promise<TrustRefresh> => {
    clearTimeout(timer);
    running = fetchOnce()
      .then(async (done) => {
        last = { ...done, at: platform.now() };
        await schedule(done.refreshed).catch((failure: unknown) => {
          platform.logger.warn('intermediate schedule', describeThrown(failure));
          if (!disposed) timer = setTimeout(() => void refresh(), longestRetryMs);
        });
        return done;
      })
      .finally(() => (running = null));
    return running;
  };
  const refresh = (): Promise<TrustRefresh> => {
    if (!running) return begin();
    // The vendor may have been asked before what has changed there since, and whoever calls knows of that.
    next ??= running.then((done) => {
      next = null;
      return disposed ? done : begin();
    });
    return next;
  };

  return {
    refresh,
    get last() {
      return last;
    },
    dispose: async () => {
      disposed = true;
      clearTimeout(timer);
      await running;
    },
  };
};
