/** Which Customer Intermediate Certificate the vendor hands out, and when it issues the next one. */
import { createQueue } from '#shared/flow/queue.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Vendor } from '../live-lock/open-vendor.ts';
import type { IssuedIntermediate, Registry } from './registry.ts';

export interface Intermediates {
  /** The one to hand out now, or null for an owner that the vendor does not know. Renewed from half-life on. */
  current(owner: string): Promise<IssuedIntermediate | null>;
  /**
   * Issues, for every customer, an intermediate that lapses in `seconds`, and withholds renewal until `renew`. It has a
   * higher epoch than the one before, so that a kiosk can't go on with that one.
   */
  lapse(seconds: number): Promise<void>;
  /** Issues a new one of full lifetime for every customer and lets renewal go on. */
  renew(): Promise<void>;
}

/**
 * How far validity begins before the issue, for receivers whose clocks are a little slow. No more than that: a lock's clock
 * is at least at notBefore and knows nothing better, so each minute here is one for which it takes a lapsed certificate.
 */
const backdateMs = 60_000;

export const createIntermediates = (ports: {
  readonly vendor: Vendor;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly lifetimeMs: number;
}): Intermediates => {
  const { vendor, registry, clock, lifetimeMs } = ports;
  /** Issues one after the other, so that two requests at half-life get the same certificate. */
  const { add: inTurn } = createQueue();

  const issue = async (owner: string, validity: { readonly ms: number; readonly epoch: number }) => {
    const customer = await vendor.customer(owner);
    if (!customer) return null;
    // Whole seconds, as the certificate keeps them.
    const now = Math.floor(clock.now() / 1000) * 1000;
    const issued = {
      owner,
      notBefore: now - backdateMs,
      notAfter: now + validity.ms,
      epoch: validity.epoch,
    };
    const certificate = await customer.issueIntermediate(issued);
    registry.addIntermediate({ ...issued, certificate });
    return { ...issued, certificate };
  };

  const issueForAll = async (validityMs: number, epochStep: number): Promise<void> => {
    for (const owner of await vendor.owners()) {
      const epoch = (registry.newestIntermediate(owner)?.epoch ?? 1) + epochStep;
      await issue(owner, { ms: validityMs, epoch });
    }
  };

  return {
    current: (owner) =>
      inTurn(async () => {
        const newest = registry.newestIntermediate(owner);
        if (!newest) return issue(owner, { ms: lifetimeMs, epoch: 1 });
        const issuedAt = newest.notBefore + backdateMs;
        const halfLife = issuedAt + (newest.notAfter - issuedAt) / 2;
        if (registry.renewalWithheld() || clock.now() < halfLife) return newest;
        return issue(owner, { ms: lifetimeMs, epoch: newest.epoch });
      }),
    lapse: (seconds) =>
      inTurn(async () => {
        registry.withholdRenewal(true);
        await issueForAll(seconds * 1000, 1);
      }),
    renew: () =>
      inTurn(async () => {
        await issueForAll(lifetimeMs, 0);
        registry.withholdRenewal(false);
      }),
  };
};
