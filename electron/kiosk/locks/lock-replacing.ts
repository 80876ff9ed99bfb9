/** Puts another lock in the place of one: at once where it is the store's already, else as soon as it is added and ready. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { EnrolmentService } from '../enrolment/enrolment-service.ts';
import type { Judge } from '../staff/judge.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { LockNames } from './lock-names.ts';
import type { Replacing } from './replacement.ts';

export interface LockReplacing {
  /** `done`: false of a new lock, which has been captured and takes the place once it is ready; until then the present one opens. */
  replace(replacing: Replacing, signal: AbortSignal): Promise<Result<{ readonly done: boolean }>>;
}

export const createLockReplacing = (ports: {
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly names: Pick<LockNames, 'replace'>;
  readonly enrolments: Pick<EnrolmentService, 'capture'>;
  readonly judge: Pick<Judge, 'refusal'>;
}): LockReplacing => {
  const { directory, names, enrolments, judge } = ports;
  return {
    replace: async (replacing, signal) => {
      const { serialNumber, by, staffId } = replacing;
      if (directory.lock(by)) {
        const done = await names.replace(replacing);
        return done.ok ? ok({ done: true }) : done;
      }
      const refused = judge.refusal(staffId, 'enrol', null);
      if (refused) return { ok: false, error: refused };
      const old = directory.lock(serialNumber);
      if (!old) return fail('lock.other_store', { serialNumber });
      if (!old.place) return fail('lock.in_no_place', { serialNumber });
      const { name, group } = old;
      const request = { serialNumber: by, name, group, replaces: serialNumber, staffId };
      const captured = await enrolments.capture(request, signal);
      return captured.ok ? ok({ done: false }) : captured;
    },
  };
};
