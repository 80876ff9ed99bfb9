/**
 * What those who work at a machine and the host that cuts agree on. They sign in by badge, which costs next to nothing; what keeps a PIN from
 * being guessed takes an emulated processor longer than the kiosk waits.
 */
import type { Admin } from '#support/simulated-store/admin.ts';
import { simulatedStaff, storeId } from '#support/simulated-store/seed.ts';

export const workBadges = { own: '0012345678', blocked: '0087654321' } as const;

/** What the load says last, where it does not live as long as its machine. */
export const hasEnded = 'ended';

/** Gives one person their badge, and blocks that of another, before the kiosk is registered. */
export const giveBadges = async (admin: Admin): Promise<void> => {
  const [worker, other] = simulatedStaff;
  const badgesOf = ({ staffId }: { readonly staffId: string }): string =>
    `/stores/${storeId}/staff/${staffId}/badges`;
  await admin.send('PUT', badgesOf(worker), { number: workBadges.own });
  await admin.send('PUT', badgesOf(other), { number: workBadges.blocked });
  await admin.send('DELETE', badgesOf(other));
};
