/** What each of an operator's routes does. */
import type { Result } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/table.ts';
import type { Batteries } from '../admin/batteries.ts';
import { importLockSchema, resolveSchema } from '../admin/contract.ts';
import type { EnrolmentAdmin } from '../admin/enrolments.ts';
import type { KeyReplacement } from '../admin/key-replacement.ts';
import type { LockRenaming } from '../admin/lock-names.ts';
import type { Missing, MissingParts, InPath } from '../admin/missing.ts';
import type { OperatorJournal } from '../admin/operator-journal.ts';
import type { Overview } from '../admin/overview.ts';
import type { Places } from '../admin/places.ts';
import type { ReleaseAdmin } from '../admin/releases.ts';
import type { RestoreAdmin } from '../admin/restored.ts';
import type { jsonRoutes } from '../admin/routes.ts';
import type { RightsAdmin } from '../admin/rights.ts';
import type { BadgeAdmin } from '../admin/badges.ts';
import type { StaffAdmin } from '../admin/staff.ts';
import type { StoreAdmin } from '../admin/stores.ts';
import type { DuressAdmin } from '../duress/duress-alarms.ts';
import type { Kiosks } from '../identity/kiosks.ts';
import type { KioskRegistrations } from '../identity/registration.ts';
import type { SealingState } from '../keys/secret-change.ts';
import type { OrganisationAdmin } from '../organisation/organisation.ts';
import type { PeopleAdmin } from '../people/people-admin.ts';
import { appError } from '../platform/app-error.ts';
import type { TrustPoller, TrustRefresh } from '../trust/trust-poller.ts';
import { HttpFailure } from './failures.ts';
import type { Handlers } from './mount.ts';
import type { OperatorCalls } from './operator-calls.ts';

export interface OperatorServices {
  readonly journal: OperatorJournal;
  readonly stores: StoreAdmin;
  readonly staff: StaffAdmin;
  readonly people: PeopleAdmin;
  readonly badges: BadgeAdmin;
  readonly duress: DuressAdmin;
  readonly rights: RightsAdmin;
  readonly organisation: OrganisationAdmin;
  readonly enrolments: EnrolmentAdmin;
  readonly lockNames: LockRenaming;
  readonly releases: ReleaseAdmin;
  readonly keys: KeyReplacement;
  readonly overview: Overview;
  readonly places: Places;
  readonly batteries: Batteries;
  readonly missing: MissingParts;
  readonly registration: KioskRegistrations;
  readonly kiosks: Kiosks;
  readonly restore: RestoreAdmin;
  readonly trust: TrustPoller;
  readonly sealing: () => SealingState;
  /** Of the key by which the backend signs journals. */
  readonly backendFingerprint: string;
}

const statuses: Partial<Record<ErrorCode, number>> = {
  'operator.bad_value': 400,
  'staff.weak_pin': 422,
  'sync.unreachable': 503,
};
/** Looked for only where a call has found nothing. */
type Lookup = Missing | (() => Promise<Missing>);
const notFound = async (what: Lookup): Promise<never> => {
  throw new HttpFailure(
    404,
    appError('operator.not_found', { what: typeof what === 'string' ? what : await what() }),
  );
};
const valueOf = async <T>(result: Result<T>, what: Lookup): Promise<T> => {
  if (result.ok) return result.value;
  if (result.error.code === 'enrolment.not_found') return notFound(what);
  throw new HttpFailure(statuses[result.error.code] ?? 409, result.error);
};
const requireFound = async (found: boolean, what: Lookup): Promise<void> => {
  if (!found) await notFound(what);
};

export const operatorHandlers = (
  services: OperatorServices,
  { act }: OperatorCalls,
): Handlers<typeof jsonRoutes> => {
  const {
    stores,
    staff,
    people,
    rights,
    organisation,
    enrolments,
    lockNames,
    releases,
    keys,
    kiosks,
    overview,
    places,
    batteries,
    missing,
    trust,
  } = services;
  const missingAt = (path: InPath, what: Missing) => (): Promise<Missing> => missing.find(path, what);
  /** An empty list of a store that is not there would be taken for a store without any. */
  const ofStore = async <T>(storeId: string, list: () => Promise<T>): Promise<T> => {
    await requireFound(await missing.hasStore(storeId), 'store');
    return list();
  };
  return {
    putStore: ({ request, params, body }) =>
      act(request, 'store_put', params, async (note) => {
        await valueOf(await stores.putStore(params.storeId, body(), note), 'store');
      }),
    drawCode: ({ request, params }) =>
      act(request, 'code_drawn', params, async (note) => {
        const drawn = await services.registration.createCode(params.storeId, note);
        return drawn ?? notFound('store');
      }),

    putStaff: ({ request, params, body }) =>
      act(request, 'staff_put', params, async (note) => {
        const { storeId, staffId } = params;
        await valueOf(await staff.putStaff(storeId, staffId, body(), note), missingAt({ storeId }, 'person'));
      }),
    dismissStaff: ({ request, params: { storeId, staffId } }) =>
      act(request, 'staff_dismissed', { storeId, staffId }, async (note) => {
        const found = await staff.deleteStaff(storeId, staffId, note);
        await requireFound(await valueOf(found, 'person'), missingAt({ storeId }, 'person'));
      }),

    people: () => people.list(),
    putPerson: ({ request, params, body }) =>
      act(request, 'person_put', params, async (note) =>
        valueOf(await people.put(params.staffId, body(), note), 'person'),
      ),
    erasePerson: ({ request, params }) =>
      act(
        request,
        'person_erased',
        params,
        async (note) => (await people.erase(params.staffId, note)) ?? notFound('person'),
      ),

    giveBadge: ({ request, params: { storeId, staffId }, body }) =>
      act(request, 'badge_given', { storeId, staffId }, async (note) => {
        const given = await services.badges.give(storeId, staffId, body().number, note);
        await valueOf(given, missingAt({ storeId }, 'person'));
      }),
    blockBadges: ({ request, params: { storeId, staffId } }) =>
      act(request, 'badges_blocked', { storeId, staffId }, async (note) => {
        await requireFound(
          await services.badges.block(storeId, staffId, note),
          missingAt({ storeId }, 'person'),
        );
      }),

    putRights: ({ request, params: { storeId }, body }) =>
      act(request, 'rights_put', { storeId }, async (note) => {
        await valueOf(await rights.put(storeId, body(), note), 'store');
      }),
    removeRights: ({ request, params: { storeId } }) =>
      act(request, 'rights_removed', { storeId }, async (note) => {
        await valueOf(await rights.remove(storeId, note), 'store');
      }),
    rights: ({ params: { storeId } }) =>
      ofStore(storeId, async () => ({ rights: await rights.get(storeId) })),
    mergedRights: ({ params: { storeId } }) => ofStore(storeId, () => rights.merged(storeId)),

    organisation: () => organisation.get(),
    renameOrganisation: ({ request, body }) =>
      act(request, 'organisation_put', {}, async (note) => {
        await valueOf(await organisation.rename(body().name, note), 'store');
      }),
    putOrganisationRights: ({ request, body }) =>
      act(request, 'rights_put', {}, async (note) => {
        await valueOf(await organisation.putRights(null, body(), note), 'store');
      }),
    removeOrganisationRights: ({ request }) =>
      act(request, 'rights_removed', {}, async (note) => {
        await valueOf(await organisation.putRights(null, null, note), 'store');
      }),
    putDistrict: ({ request, params, body }) =>
      act(request, 'district_put', params, async (note) => {
        await valueOf(await organisation.putDistrict(params.districtId, body().name, note), 'district');
      }),
    removeDistrict: ({ request, params }) =>
      act(request, 'district_removed', params, async (note) => {
        await valueOf(await organisation.removeDistrict(params.districtId, note), 'district');
      }),
    putDistrictRights: ({ request, params, body }) =>
      act(request, 'rights_put', params, async (note) => {
        await valueOf(await organisation.putRights(params.districtId, body(), note), 'district');
      }),
    removeDistrictRights: ({ request, params }) =>
      act(request, 'rights_removed', params, async (note) => {
        await valueOf(await organisation.putRights(params.districtId, null, note), 'district');
      }),
    moveStore: ({ request, params: { storeId }, body }) =>
      act(request, 'store_moved', { storeId }, async (note) => {
        const { districtId } = body();
        await valueOf(
          await organisation.moveStore(storeId, districtId, note),
          missingAt({ storeId }, 'district'),
        );
      }),
    personMay: async ({ params: { storeId, staffId }, query }) =>
      (await rights.personMay(storeId, staffId, query.at)) ?? notFound(missingAt({ storeId }, 'person')),
    groupMay: ({ params: { storeId }, query }) =>
      ofStore(storeId, () => rights.groupMay(storeId, query.group, query.at)),

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

    stores: () => overview.stores(),
    staff: ({ params: { storeId } }) => ofStore(storeId, () => overview.staff(storeId)),
    locks: ({ params: { storeId } }) => ofStore(storeId, () => overview.locks(storeId)),
    places: ({ params: { storeId } }) => ofStore(storeId, () => places.list(storeId)),
    place: async ({ params: { storeId, placeId } }) =>
      (await places.get(storeId, placeId)) ?? notFound(missingAt({ storeId }, 'place')),
    enrolments: ({ params: { storeId }, query }) =>
      ofStore(storeId, async () => (await overview.enrolments(storeId, query)) ?? notFound('enrolment')),
    kiosks: ({ params: { storeId } }) =>
      ofStore(storeId, async () => ({
        ...(await overview.kiosks(storeId)),
        backendFingerprint: services.backendFingerprint,
      })),
    alarms: ({ params: { storeId } }) => ofStore(storeId, () => overview.alarms(storeId)),
    batteries: ({ params: { storeId } }) => ofStore(storeId, () => batteries.list(storeId)),
    acknowledgeDuress: ({ request, params }) =>
      act(request, 'duress_acknowledged', params, async (note) => {
        const found = await services.duress.acknowledge(params.storeId, params.eventId, note);
        await requireFound(found, missingAt({ storeId: params.storeId }, 'alarm'));
      }),
    events: ({ params: { storeId }, query }) =>
      ofStore(storeId, async () => (await overview.events(storeId, query)) ?? notFound('place')),

    resolveEnrolment: ({ request, params: { id }, body }) => {
      const { data: asked } = resolveSchema.safeParse(request.body);
      return act(request, 'enrolment_resolved', { enrolmentId: id, ...asked }, async (note) =>
        valueOf(await enrolments.resolve(id, body().action, note), 'enrolment'),
      );
    },

    revokeKiosk: ({ request, params: { id }, body }) =>
      act(request, 'kiosk_revoked', { kioskId: id }, async (note) => {
        await requireFound(await kiosks.revoke(id, body()?.reason ?? 'unspecified', note), 'kiosk');
      }),
    askForRotation: ({ request, params: { id } }) =>
      act(request, 'key_rotation_asked', { kioskId: id }, async (note) => {
        await requireFound(await kiosks.requestRotation(id, note), 'kiosk');
      }),

    declareRestored: ({ request }) =>
      act(request, 'restored_declared', {}, (note) => services.restore.declareRestored(note)),
    journal: ({ query }) => services.journal.page(query),

    refreshTrust: ({ request }) => {
      const outcomeOf = (done: TrustRefresh): string => (done.refreshed ? 'done' : done.reason);
      return act(request, 'trust_refreshed', {}, () => trust.refresh(), outcomeOf);
    },
    trust: async () => ({ ...(await overview.trust()), lastRefresh: trust.last }),
    sealing: () => Promise.resolve(services.sealing()),
  };
};
