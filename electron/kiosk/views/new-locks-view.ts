import { combineLatest, map, type Observable } from 'rxjs';
import type { NewLocksView } from '#shared/ipc/views.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { isLive } from '../enrolment/enrolment-machine.ts';
import type { NearbyLocks } from '../visit/nearby.ts';
import { bandRank } from '../visit/proximity.ts';

export interface NewLocksViewSources {
  readonly nearby$: Observable<NearbyLocks>;
  readonly enrolments$: Observable<readonly EnrolmentDocument[]>;
}

/** Locks in range whose provisioning bit is 0: those that wait to be enrolled first, then nearest first. */
export const newLocksView = ({ nearby$, enrolments$ }: NewLocksViewSources): Observable<NewLocksView> =>
  combineLatest([nearby$, enrolments$]).pipe(
    map(([nearby, enrolments]) => {
      const states = new Map(
        enrolments
          .filter((enrolment) => isLive(enrolment) || enrolment.state === 'conflicted')
          .map(({ serialNumber, state }) => [serialNumber, state]),
      );
      const locks = [...nearby.values()]
        .filter(({ provisioned }) => !provisioned)
        .map(({ serialNumber, proximity, battery }) => ({
          serialNumber,
          proximity,
          battery,
          enrolment: states.get(serialNumber) ?? null,
        }))
        .sort(
          (a, b) =>
            Number(a.enrolment !== null) - Number(b.enrolment !== null) ||
            bandRank[a.proximity] - bandRank[b.proximity] ||
            (a.serialNumber < b.serialNumber ? -1 : 1),
        );
      return { locks };
    }),
  );
