/** What the routes of a store's locks do, and of what those have said. */
import type { Batteries } from '../admin/batteries.ts';
import { importLockSchema, resolveSchema } from '../admin/contract.ts';
import type { EnrolmentAdmin } from '../admin/enrolments.ts';
import type { KeyReplacement } from '../admin/key-replacement.ts';
import type { LockRenaming } from '../admin/lock-names.ts';
import type { lockRoutes } from '../admin/lock-routes.ts';
import type { lockWordRoutes } from '../admin/lock-word-routes.ts';
import type { MissingParts } from '../admin/missing.ts';
import type { Overview } from '../admin/overview.ts';
import type { Places } from '../admin/places.ts';
import type { ReleaseAdmin } from '../admin/releases.ts';
import type { DuressAdmin } from '../duress/duress-alarms.ts';
import type { Handlers } from './mount.ts';
import type { OperatorCalls } from './operator-calls.ts';
import { createLookups, answerNotFound, requireFound, valueOf } from './operator-outcomes.ts';

export interface LockRouteServices {
  readonly duress: DuressAdmin;
  readonly enrolments: EnrolmentAdmin;
  readonly lockNames: LockRenaming;
  readonly releases: ReleaseAdmin;
  readonly keys: KeyReplacement;
  readonly overview: Overview;
  readonly places: Places;
  readonly batteries: Batteries;
  readonly missing: MissingParts;
}

export const lockHandlers = (
  services: LockRouteServices,
  { act }: OperatorCalls,
): Handlers<typeof lockRoutes & typeof lockWordRoutes> => {
  const { duress, enrolments, lockNames, releases, keys, overview, places, batteries } = services;
  const { missingAt, ofStore } = createLookups(services.missing);
  return {
    importLock: ({ request, params: { storeId }, body }) => {
      const { data: named } = importLockSchema.pick({ serialNumber: true }).loose().safeParse(request.body);
      const subject = { storeId, ...(named ? { serialNumber: named.serialNumber } : {}) };
      return act(request, 'lock_imported', subject, async (note) =>
        valueOf(await enrolments.importLock(storeId, body(), note), 'store'),
      );
    },
    renameLock: ({ request, params, body }) =>
      act(request, 'lock_renamed', params, async (note) => {
        const found = await lockNames.put(params.storeId, params.serialNumber, body(), note);
        await requireFound(found, missingAt(params, 'lock'));
      }),
    orderRelease: ({ request, params: { storeId, serialNumber } }) =>
      act(request, 'release_ordered', { storeId, serialNumber }, async (note) => {
        await valueOf(
          await releases.order(storeId, serialNumber, note),
          missingAt({ storeId, serialNumber }, 'lock'),
        );
      }),
    withdrawRelease: ({ request, params: { storeId, serialNumber } }) =>
      act(request, 'release_withdrawn', { storeId, serialNumber }, async (note) => {
        const found = await releases.withdraw(storeId, serialNumber, note);
        await requireFound(found, missingAt({ storeId, serialNumber }, 'order'));
      }),
    replaceKey: ({ request, params: { storeId, serialNumber } }) =>
      act(request, 'key_replaced', { storeId, serialNumber }, async (note) => {
        await valueOf(
          await keys.replace(storeId, serialNumber, note),
          missingAt({ storeId, serialNumber }, 'lock'),
        );
      }),
    locks: ({ params: { storeId } }) => ofStore(storeId, () => overview.locks(storeId)),
    places: ({ params: { storeId } }) => ofStore(storeId, () => places.list(storeId)),
    place: async ({ params: { storeId, placeId } }) =>
      (await places.get(storeId, placeId)) ?? answerNotFound(missingAt({ storeId }, 'place')),
    enrolments: ({ params: { storeId }, query }) =>
      ofStore(
        storeId,
        async () => (await overview.enrolments(storeId, query)) ?? answerNotFound('enrolment'),
      ),
    resolveEnrolment: ({ request, params: { id }, body }) => {
      const { data: asked } = resolveSchema.safeParse(request.body);
      return act(request, 'enrolment_resolved', { enrolmentId: id, ...asked }, async (note) =>
        valueOf(await enrolments.resolve(id, body().action, note), 'enrolment'),
      );
    },
    alarms: ({ params: { storeId } }) => ofStore(storeId, () => overview.alarms(storeId)),
    batteries: ({ params: { storeId } }) => ofStore(storeId, () => batteries.list(storeId)),
    acknowledgeDuress: ({ request, params }) =>
      act(request, 'duress_acknowledged', params, async (note) => {
        const found = await duress.acknowledge(params.storeId, params.eventId, note);
        await requireFound(found, missingAt({ storeId: params.storeId }, 'alarm'));
      }),
  };
};
