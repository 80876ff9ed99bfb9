/** What is wrong with the simulated lock of a state, put around the lock. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '#kiosk/platform/clock.ts';
import { silentAfter, slowAnswer, withFault, type LinkFault } from '#simulators/lock/faults.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import type { LockState } from './world.ts';

/** Of each frame from the lock. */
const slowByMs = 700;

/** The lock as it appears in the air. `timesOpened` and `isProvisioned` tell what it has done. */
export const faulty = (
  state: LockState,
  inside: {
    readonly lock: LockPeripheral;
    readonly timesOpened: () => number;
    readonly isProvisioned: () => boolean;
  },
  air: { readonly clock: Clock; readonly dropLinks: () => void },
): LockPeripheral => {
  const { lock, timesOpened, isProvisioned } = inside;
  const around = (makeFault: () => LinkFault): LockPeripheral => withFault(lock, makeFault);
  const toKiosk = (act: LinkFault['toKiosk'] & object): LinkFault => ({ toKiosk: act });

  switch (state) {
    case 'silent':
      return around(() => silentAfter(0));
    case 'slow':
      return around(() => slowAnswer(air.clock, slowByMs));
    case 'loses_answer':
      return around(() => toKiosk((frame, _index, deliver) => timesOpened() === 0 && deliver(frame)));
    case 'loses_link_after_unlock':
      return around(() =>
        toKiosk((frame, _index, deliver) => (timesOpened() === 0 ? deliver(frame) : air.dropLinks())),
      );
    case 'new_loses_answer': {
      let lost = false;
      return around(() =>
        toKiosk((frame, _index, deliver) => {
          if (lost || !isProvisioned()) deliver(frame);
          else lost = true;
        }),
      );
    }
    case 'loses_release_answer': {
      let lost = false;
      return around(() =>
        toKiosk((frame, _index, deliver) => {
          if (lost || isProvisioned()) deliver(frame);
          else lost = true;
        }),
      );
    }
    case 'loses_first_link': {
      let links = 0;
      return around(() => {
        links += 1;
        if (links > 1) return {};
        return toKiosk(() => air.dropLinks());
      });
    }
    case 'new_other_code':
      return { ...lock, readEnrolment: () => new Uint8Array(randomBytes(256)) };
    case 'new':
    case 'new_unproven':
    case 'provisioned':
    case 'foreign':
    case 'counterfeit':
    case 'absent':
    case 'unreachable':
    case 'jammed':
    case 'full_ring':
      return lock;
  }
};
