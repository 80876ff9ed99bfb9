/** The backend's composition root: everything is made here, in this order, and ended in the reverse one. */
import { createEnding } from '#shared/flow/ending.ts';
import { createEnrolmentAdmin } from './admin/enrolments.ts';
import { createKeyReplacement } from './admin/key-replacement.ts';
import { createMissingParts } from './admin/missing.ts';
import { createOperatorJournal } from './admin/operator-journal.ts';
import { firstOperator } from './admin/operator-tokens.ts';
import { createLockRenaming } from './admin/lock-names.ts';
import { createReleaseAdmin } from './admin/releases.ts';
import { createPlaces } from './admin/places.ts';
import { createBatteries } from './admin/batteries.ts';
import { createOverview } from './admin/overview.ts';
import { createRestoreAdmin } from './admin/restored.ts';
import { createRightsAdmin } from './admin/rights.ts';
import { createBadgeAdmin } from './admin/badges.ts';
import { createStaffAdmin } from './admin/staff.ts';
import { createStoreAdmin } from './admin/stores.ts';
import {
  defaultAnswerMs,
  defaultKioskKeyDays,
  defaultMaxConnections,
  defaultRequests,
  defaultRetention,
  type BackendConfig,
} from './config.ts';
import { createEnrolmentPush } from './enrolment/push-enrolments.ts';
import { isLineFull } from './enrolment/outbox.ts';
import { createRegistrationWorker } from './enrolment/registration-worker.ts';
import { createSerialRunner } from './enrolment/serial-runner.ts';
import { createCapacity } from './http/capacity.ts';
import { createServer, listen } from './http/server.ts';
import { answerWhile } from './http/waiting-server.ts';
import { createAssertions } from './identity/assertions.ts';
import { createKioskKeyRotation } from './identity/key-rotation.ts';
import { createKiosks } from './identity/kiosks.ts';
import { createRateLimit } from './identity/rate-limit.ts';
import { createKioskRegistrations } from './identity/registration.ts';
import { createRevocation } from './identity/revocation.ts';
import { createTokens } from './identity/tokens.ts';
import { createAtRest, deriveKey } from './keys/at-rest.ts';
import { openBackendKey, openSealingKey } from './keys/backend-key.ts';
import { createKnownSecrets } from './keys/known-secrets.ts';
import { createPinsAtRest } from './keys/pins-at-rest.ts';
import { createSecretChange } from './keys/secret-change.ts';
import { startMending } from './mending/mends.ts';
import { createPeopleAdmin } from './people/people-admin.ts';
import { createSettling } from './people/settling.ts';
import { systemTimer, type BackendPorts } from './platform/ports.ts';
import { createHousekeeping } from './retention/housekeeping.ts';
import { createChangeHub } from './store/change-hub.ts';
import { connectionOf, poolerOf, replicaOf } from './store/connection-of.ts';
import { openDatabase } from './store/database.ts';
import { openReplica } from './store/replica.ts';
import { noReplica } from './store/replica-gate.ts';
import { migrate } from './store/migrate.ts';
import { wasAt } from './store/history.ts';
import { requireSoundSessions } from './store/pooler.ts';
import { createReadiness } from './store/readiness.ts';
import { waitForDatabase } from './store/wait-for-database.ts';
import { createEventPush } from './sync/push-events.ts';
import { createLastWordsIntake } from './sync/last-words.ts';
import { holdsEvent } from './sync/journal-claim.ts';
import { createJournalExport } from './journal-export/export.ts';
import { fingerprintOf } from './keys/fingerprint.ts';
import { createDuressAdmin } from './duress/duress-alarms.ts';
import { createBadgeKeys } from './badges/badge-key.ts';
import { createNoNews } from './sync/no-news.ts';
import { createPull } from './sync/pull.ts';
import { pushInHistory, pushOntoJournal } from './sync/push.ts';
import { createStreams } from './sync/stream.ts';
import { createTrustPoller } from './trust/trust-poller.ts';
import { createVendorRoot } from './trust/vendor-root.ts';
import { createLockList } from './lists/lock-list.ts';
import { createPeopleList } from './lists/people-list.ts';
import { createOrganisationAdmin } from './organisation/organisation.ts';
import { createLiveLockApi } from './live-lock/live-lock-api.ts';

export interface Backend {
  readonly port: number;
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** Stops everything, each part within a bound. Rejects where a part was left behind; the others have ended then. */
  dispose(): Promise<void>;
}

/** As long as PostgreSQL may take; a lane of registrations may wait for the vendor meanwhile. */
const stopEachWithinMs = 15_000;

const tokenKey = (secret: string): Buffer => deriveKey(secret, 'kiosk tokens 1');

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** A kiosk records a few hundred; one that was offline for long brings all that it can hold, which is as many. */
const eventsInADay = 100_000;

/**
 * Resolves when it answers requests; that waits for the database, and says so on its port meanwhile, and does not wait for the
 * vendor. Throws AppFailure (`config.*`, `storage.*`) for what an operator can mend. `stop` ends the waiting: it rejects then.
 */
export const createBackend = async (
  config: BackendConfig,
  platform: BackendPorts,
  stop: AbortSignal = new AbortController().signal,
): Promise<Backend> => {
  await using made = createEnding({
    timer: systemTimer,
    eachMs: stopEachWithinMs,
    onLeftBehind: (left) => platform.logger.warn('stopping left a part behind', left),
  });
  const { tenantId, requests = defaultRequests } = config;
  const { logger } = platform;
  const now = (): number => platform.now();

  const connection = await connectionOf(config, platform, made);
  const pooler = poolerOf(config);
  const database = openDatabase(connection, logger, () => platform.jitter(), pooler);
  made.adopt('database', database);
  const { db } = database;
  const { sealingSecret: present, sealingSecretPrevious: previous } = config;
  const atRest = createAtRest(present, previous);
  const known = createKnownSecrets(db, tenantId, { present, previous });
  const attempt = async (stop: AbortSignal) => {
    await requireSoundSessions(database, pooler !== undefined);
    await migrate(await database.openPatientClient(), stop);
    await known.check();
    const keys = {
      backendKey: await openBackendKey(db, tenantId, atRest),
      sealingKey: await openSealingKey(db, tenantId, atRest),
    };
    await known.note(keys.backendKey.isUnderPrevious || keys.sealingKey.isUnderPrevious);
    return { ...keys, hub: await createChangeHub(database, logger) };
  };
  const { value, port: freed } = await answerWhile({ host: config.host, port: config.port, stop }, (stop) =>
    waitForDatabase(() => attempt(stop), platform, stop),
  );
  const { hub, backendKey, sealingKey } = value;
  const replicaAddress = replicaOf(config);
  const replica = replicaAddress
    ? made.adopt('replica', openReplica(replicaAddress, { ...platform, db }))
    : null;
  made.adopt('change hub', hub);
  const readiness = made.adopt('readiness', createReadiness(database, logger));
  const vendorRoot = createVendorRoot(db, tenantId);
  const api = createLiveLockApi(config.vendor, platform);
  const trust = made.adopt(
    'trust',
    createTrustPoller({
      db,
      tenantId,
      owner: config.vendor.owner,
      api,
      vendorRoot,
      platform,
      pollMs: config.trustPollMs,
    }),
  );
  const mayWrite = (): boolean => readiness.shut === null;
  const worker = { db, tenantId, api, atRest, hub, platform, mayWrite };
  made.adopt('registration worker', createRegistrationWorker(worker));
  made.adopt('serial runner', createSerialRunner(worker));
  const hasPrevious = previous !== undefined;
  const secretChange = made.adopt(
    'secret change',
    createSecretChange({ db, tenantId, atRest, known, hasPrevious, mayWrite, platform }),
  );
  const { retention = defaultRetention } = config;
  const badgeKeys = createBadgeKeys({ db, tenantId, atRest, mayWrite, logger });
  made.adopt('mending', startMending({ ...worker, badgeKeys }));
  const settling = made.adopt('people', createSettling({ db, tenantId, logger, mayWrite }));
  made.adopt('housekeeping', createHousekeeping({ db, tenantId, retention, platform }));

  const kiosks = made.adopt('kiosks', createKiosks({ db, tenantId, hub, now }));
  const streams = made.adopt('streams', createStreams(hub));
  const registration = createKioskRegistrations({
    db,
    tenantId,
    owner: config.vendor.owner,
    backendKey,
    vendorRoot,
    now,
  });
  const assertions = createAssertions({ db, tenantId, now });
  const pushEnrolments = createEnrolmentPush({ db, tenantId, vendorRoot, now });
  const pins = createPinsAtRest(tenantId, atRest);
  const events = { db, tenantId, logger, now };
  const pushEvents = createEventPush({ ...events, answers: 'any', onBadges: () => settling.again() });
  // Who took a kiosk may say that it gave a lock back; an order of after the revocation it can't know.
  const pushLastEvents = createEventPush({ ...events, answers: 'named' });
  const app = createServer({
    readiness,
    logger,
    trustedProxies: config.trustedProxies ?? [],
    answerMs: config.answerMs ?? defaultAnswerMs,
    maxConnections: config.maxConnections ?? defaultMaxConnections,
    access: {
      kiosks,
      limits: {
        probe: createRateLimit({ most: requests.perAddress, windowMs: minuteMs, now }),
        description: createRateLimit({ most: 60, windowMs: minuteMs, now }),
        open: createRateLimit({ most: requests.perAddress, windowMs: minuteMs, now }),
        kiosk: createRateLimit({ most: requests.perKiosk, windowMs: minuteMs, now }),
      },
    },
    kiosk: {
      registration,
      // Two hundred kiosks behind one address, all of them set up in the same minute by people who mistype.
      registrationLimit: createRateLimit({ most: 300, windowMs: minuteMs, now }),
      tokens: createTokens({
        db,
        tenantId,
        assertions,
        now,
        tokenKeys: [tokenKey(present), ...(previous === undefined ? [] : [tokenKey(previous)])],
        keyLifetimeMs: (config.kioskKeyDays ?? defaultKioskKeyDays) * dayMs,
      }),
      keyRotation: createKioskKeyRotation({ db, tenantId, assertions, logger, now }),
      revocation: createRevocation({
        assertions,
        backendKey,
        sealingKey,
        holdsEvent: (kiosk, journal) => holdsEvent(db, { tenantId, ...kiosk }, journal),
        wasAt: (kiosk, point) => wasAt(db, { tenantId, ...kiosk }, point),
      }),
      lastWords: createLastWordsIntake({
        db,
        tenantId,
        backendKey,
        sealingKey,
        pushEnrolments,
        logger,
        now,
        pushEvents: pushLastEvents,
      }),
      backendKey,
      lookForNews: createNoNews({ db, tenantId, hasReplica: replica !== null }),
      pull: createPull({ db, replica, tenantId, atRest, pins, badgeKeys, logger }),
      pushEnrolments: pushInHistory({ db, tenantId }, pushEnrolments),
      pushEvents: pushOntoJournal({ db, tenantId }, pushEvents),
      streams,
      timeToken: (challenge) => api.timeToken(challenge),
      enrolmentLimit: createRateLimit({ most: 600, windowMs: minuteMs, now }),
      timeTokenLimit: createRateLimit({ most: 60, windowMs: minuteMs, now }),
      eventLimit: createRateLimit({ most: eventsInADay, windowMs: dayMs, now }),
      isLineFull: (kiosk) => isLineFull(db, { tenantId, ...kiosk }),
      capacity: createCapacity(),
      now,
    },
    admin: {
      operators: [
        ...[config.adminToken, config.adminTokenPrevious]
          .filter((token) => token !== undefined)
          .map((token) => ({ name: firstOperator, token })),
        ...(config.adminTokens ?? []),
      ],
      journal: createOperatorJournal({ db, tenantId, now }),
      logger,
      adminLimit: createRateLimit({ most: 30, windowMs: minuteMs, now }),
      stores: createStoreAdmin({ db, tenantId, now }),
      staff: createStaffAdmin({ db, tenantId, pins, now }),
      peopleList: createPeopleList({ db, tenantId, pins, now }),
      lockList: createLockList({ db, tenantId, now }),
      people: createPeopleAdmin({ db, tenantId, settling, pins, now }),
      badges: createBadgeAdmin({ db, tenantId, settling, badgeKeys, now }),
      duress: createDuressAdmin({ db, tenantId }),
      journalExport: createJournalExport({ db, tenantId, backendKey, now }),
      backendFingerprint: fingerprintOf(backendKey.publicJwk),
      rights: createRightsAdmin({ db, tenantId, now }),
      organisation: createOrganisationAdmin({ db, tenantId, now }),
      enrolments: createEnrolmentAdmin({ db, tenantId, now }),
      places: createPlaces(db, tenantId),
      batteries: createBatteries(db, tenantId, now),
      lockNames: createLockRenaming(db, tenantId, now),
      releases: createReleaseAdmin({ db, tenantId, owner: config.vendor.owner, api, now }),
      keys: createKeyReplacement({ db, tenantId, owner: config.vendor.owner, api, atRest, now }),
      overview: createOverview(db, tenantId, config.vendor.owner),
      missing: createMissingParts(db, tenantId),
      registration,
      kiosks,
      restore: createRestoreAdmin(db, tenantId),
      trust,
      sealing: () => secretChange.state,
      replica: () => replica?.state ?? noReplica,
    },
  });
  made.defer('server', () => app.close());
  const port = await listen(app, config.host, freed);
  void trust.refresh();

  const running = made.move();
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const dispose = async (): Promise<void> => {
    const left = await running.end();
    if (left.length > 0) throw new Error(`left behind: ${left.map(({ part }) => part).join(', ')}`);
  };
  return { port, url: `http://${host}:${port}`, dispose };
};
