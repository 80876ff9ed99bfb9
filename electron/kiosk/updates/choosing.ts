/**
 * When a version that waits is installed, as a person says: now, or in the night. On record before anything comes of it; and now means that
 * they are signed out, and the kiosk is stopped within a minute.
 */
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { Journal } from '../journal/journal.ts';
import type { StaffService } from '../staff/staff-service.ts';
import type { Quiet } from './quiet.ts';
import type { Updates } from './updates.ts';

export interface UpdateChoice {
  readonly version: string;
  readonly when: 'now' | 'tonight';
}

export interface UpdateChoosing {
  /**
   * `there`: aborted once that person is not signed in any more. Errors: `update.not_waiting`, also where IT pushes updates;
   * `update.urgent`; `update.kiosk_busy`; `staff.not_signed_in`; `storage.*`.
   */
  choose(staffId: string, choice: UpdateChoice, there: AbortSignal): Promise<Result<null>>;
}

export interface UpdateChoosingOptions {
  readonly updates: Pick<Updates, 'installNow' | 'installTonight'>;
  readonly quiet: Pick<Quiet, 'idle'>;
  readonly staff: Pick<StaffService, 'signOut'>;
  readonly journal: Pick<Journal, 'recordNow'>;
}

/** Where there are no updates to choose about. */
export const noUpdateChoosing: UpdateChoosing = {
  choose: (_, { version }) => Promise.resolve(fail('update.not_waiting', { version })),
};

export const createUpdateChoosing = (options: UpdateChoosingOptions): UpdateChoosing => {
  const { updates, quiet, staff, journal } = options;
  const gone: AppError = { code: 'staff.not_signed_in', params: {} };

  const record = async (staffId: string, { version, when }: UpdateChoice): Promise<Result<null>> => {
    const recorded = await journal.recordNow({
      kind: 'update_chosen',
      staffId,
      update: { version, what: when },
    });
    return recorded.ok ? ok(null) : recorded;
  };

  return {
    choose: (staffId, choice, there) => {
      const { version, when } = choice;
      if (when === 'tonight')
        return updates.installTonight(version, async () =>
          there.aborted ? { ok: false, error: gone } : record(staffId, choice),
        );
      return updates.installNow(version, async () => {
        if (!(await quiet.idle())) return fail('update.kiosk_busy');
        if (there.aborted) return { ok: false, error: gone };
        const recorded = await record(staffId, choice);
        if (recorded.ok) await staff.signOut();
        return recorded;
      });
    },
  };
};
