/** That the disk takes nothing is said for as long as it is so. */
import { Subscription, type BehaviorSubject } from 'rxjs';
import type { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { KioskData } from './port.ts';

const lookEveryMs = 5_000;
const isOfDisk = (notice: AppError | null): boolean =>
  notice?.code === 'storage.disk_full' || notice?.code === 'storage.read_only';

export interface RoomWatch {
  dispose(): void;
}

/** Takes such a notice back within seconds of the first write that the disk takes again; any other stays. */
export const watchRoom = (
  notice$: BehaviorSubject<AppError | null>,
  ports: { readonly data: Pick<KioskData, 'writeNote'>; readonly clock: Pick<Clock, 'after'> },
): RoomWatch => {
  const look = async (): Promise<void> => {
    const written = await ports.data.writeNote('room', '');
    if (subscription.closed || !isOfDisk(notice$.value)) return;
    if (written.ok) notice$.next(null);
    else wait();
  };
  let cancel = (): void => undefined;
  const wait = (): void => {
    cancel();
    cancel = ports.clock.after(lookEveryMs, () => void look());
  };
  const subscription = new Subscription(() => cancel());
  subscription.add(
    notice$.subscribe((notice) => {
      if (isOfDisk(notice)) wait();
    }),
  );
  return { dispose: () => subscription.unsubscribe() };
};
