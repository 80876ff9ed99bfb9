/** What each of an operator's routes does. */
import type { MissingParts } from '../admin/missing.ts';
import type { OperatorJournal } from '../admin/operator-journal.ts';
import type { Overview } from '../admin/overview.ts';
import type { RestoreAdmin } from '../admin/restored.ts';
import type { jsonRoutes } from '../admin/routes.ts';
import type { StoreAdmin } from '../admin/stores.ts';
import type { Kiosks } from '../identity/kiosks.ts';
import type { KioskRegistrations } from '../identity/registration.ts';
import type { SealingState } from '../keys/secret-change.ts';
import type { ReplicaState } from '../store/replica-gate.ts';
import type { OrganisationAdmin } from '../organisation/organisation.ts';
import type { TrustPoller, TrustRefresh } from '../trust/trust-poller.ts';
import { lockHandlers, type LockRouteServices } from './lock-handlers.ts';
import type { Handlers } from './mount.ts';
import type { OperatorCalls } from './operator-calls.ts';
import { createLookups, answerNotFound, requireFound, valueOf } from './operator-outcomes.ts';
import { rightsHandlers, type RightsRouteServices } from './rights-handlers.ts';
import { staffHandlers, type StaffRouteServices } from './staff-handlers.ts';

export interface OperatorServices extends StaffRouteServices, RightsRouteServices, LockRouteServices {
  readonly journal: OperatorJournal;
  readonly stores: StoreAdmin;
  readonly organisation: OrganisationAdmin;
  readonly overview: Overview;
  readonly registration: KioskRegistrations;
  readonly kiosks: Kiosks;
  readonly restore: RestoreAdmin;
  readonly trust: TrustPoller;
  readonly missing: MissingParts;
  readonly sealing: () => SealingState;
  readonly replica: () => ReplicaState;
  /** Of the key by which the backend signs journals. */
  readonly backendFingerprint: string;
}

export const operatorHandlers = (
  services: OperatorServices,
  calls: OperatorCalls,
): Handlers<typeof jsonRoutes> => {
  const { act } = calls;
  const { journal, stores, organisation, overview, registration, kiosks, restore, trust } = services;
  const { missingAt, ofStore } = createLookups(services.missing);
  return {
    ...staffHandlers(services, calls),
    ...rightsHandlers(services, calls),
    ...lockHandlers(services, calls),
    putStore: ({ request, params, body }) =>
      act(request, 'store_put', params, async (note) => {
        await valueOf(await stores.putStore(params.storeId, body(), note), 'store');
      }),
    drawCode: ({ request, params }) =>
      act(request, 'code_drawn', params, async (note) => {
        const drawn = await registration.createCode(params.storeId, note);
        return drawn ?? answerNotFound('store');
      }),
    moveStore: ({ request, params: { storeId }, body }) =>
      act(request, 'store_moved', { storeId }, async (note) => {
        const { districtId } = body();
        await valueOf(
          await organisation.moveStore(storeId, districtId, note),
          missingAt({ storeId }, 'district'),
        );
      }),
    stores: () => overview.stores(),
    kiosks: ({ params: { storeId } }) =>
      ofStore(storeId, async () => ({
        ...(await overview.kiosks(storeId)),
        backendFingerprint: services.backendFingerprint,
      })),
    events: ({ params: { storeId }, query }) =>
      ofStore(storeId, async () => (await overview.events(storeId, query)) ?? answerNotFound('place')),
    revokeKiosk: ({ request, params: { id }, body }) =>
      act(request, 'kiosk_revoked', { kioskId: id }, async (note) => {
        await requireFound(await kiosks.revoke(id, body()?.reason ?? 'unspecified', note), 'kiosk');
      }),
    askForRotation: ({ request, params: { id } }) =>
      act(request, 'key_rotation_asked', { kioskId: id }, async (note) => {
        await requireFound(await kiosks.requestRotation(id, note), 'kiosk');
      }),
    declareRestored: ({ request }) =>
      act(request, 'restored_declared', {}, (note) => restore.declareRestored(note)),
    journal: ({ query }) => journal.page(query),
    refreshTrust: ({ request }) => {
      const outcomeOf = (done: TrustRefresh): string => (done.refreshed ? 'done' : done.reason);
      return act(request, 'trust_refreshed', {}, () => trust.refresh(), outcomeOf);
    },
    trust: async () => ({ ...(await overview.trust()), lastRefresh: trust.last }),
    sealing: () => Promise.resolve(services.sealing()),
    replica: () => Promise.resolve(services.replica()),
  };
};
