/** All that is put right, at the start and by the clock. */
import type { BadgeKeys } from '../badges/badge-key.ts';
import type { AtRest } from '../keys/at-rest.ts';
import { sealPinsInTheOpen } from '../keys/stored-pins.ts';
import { createPinTelling } from '../keys/tell-pins.ts';
import { createPlaceMend } from '../places/mend-places.ts';
import { systemTimer, type BackendPorts } from '../platform/ports.ts';
import type { Db } from '../store/database.ts';
import { createMending, type Mend } from './mending.ts';

/** PINs first: they lie in the open until then. What takes its time comes last. */
export const startMending = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly atRest: AtRest;
  readonly badgeKeys: Pick<BadgeKeys, 'tellUntold'>;
  readonly platform: Pick<BackendPorts, 'now' | 'logger'>;
  mayWrite(): boolean;
}): { dispose(): Promise<void> } => {
  const { badgeKeys, platform } = ports;
  const { logger } = platform;
  const now = (): number => platform.now();
  const places = createPlaceMend({ ...ports, logger, now });
  const tellPins = createPinTelling({ ...ports, logger });
  const mends: readonly Mend[] = [
    { what: 'PIN verifiers', run: (stop) => sealPinsInTheOpen(ports, stop) },
    { what: 'places', run: (stop) => places.run(stop) },
    { what: 'keys of badges', run: (stop) => badgeKeys.tellUntold(now(), stop) },
    { what: 'PINs to be told anew', run: (stop) => tellPins(stop) },
  ];
  return createMending({ mends, timer: systemTimer, mayWrite: () => ports.mayWrite(), logger });
};
