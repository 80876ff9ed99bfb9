/** That the disk takes nothing is said for as long as it is so. */
import { Subscription, type BehaviorSubject } from 'rxjs';
import type { AppError } from '#shared/errors/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { KioskData } from './port.ts';

const lookEveryMs = 5_000;
const isOfDisk = (notice: AppError | null): boolean =>
  notice?.code === 'storage.disk_full' || notice?.code === 'storage.read_only';

/** What a person is to know of a start: what hides something else goes before it, and that comes after it. */
export interface StartNotices {
  readonly notice: AppError | null;
  /** To be told once the disk takes something again; null where `notice` is not of the disk, or there is nothing else. */
  readonly hiddenNotice: AppError | null;
}

const lostNotice: AppError = { code: 'storage.lost', params: {} };

/** `lost`: what the data held is gone. A file that was set aside tells that already. */
export const withLoss = ({ notice, hiddenNotice }: StartNotices, lost: boolean): StartNotices => {
  if (!lost) return { notice, hiddenNotice };
  if (isOfDisk(notice)) return { notice, hiddenNotice: hiddenNotice ?? lostNotice };
  return { notice: notice ?? lostNotice, hiddenNotice };
};

export interface RoomWatch {
  dispose(): void;
}

/**
 * Takes such a notice back within seconds of the first write that the disk takes again: the last that was not of the disk is said then. Any
 * other stays.
 */
export const watchRoom = (
  notice$: BehaviorSubject<AppError | null>,
  ports: { readonly data: Pick<KioskData, 'writeNote'>; readonly clock: Pick<Clock, 'after'> },
): RoomWatch => {
  let beside: AppError | null = null;
  const look = async (): Promise<void> => {
    const written = await ports.data.writeNote('room', '');
    if (subscription.closed || !isOfDisk(notice$.value)) return;
    if (written.ok) notice$.next(beside);
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
      else beside = notice;
    }),
  );
  return { dispose: () => subscription.unsubscribe() };
};
