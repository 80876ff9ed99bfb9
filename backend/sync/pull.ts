/** Hands a kiosk what has changed in its store since a version, in the order of versions, deletions included. */
import { collections } from '#shared/models/documents.ts';
import type { PublicJwk, PullAnswer } from '#shared/http/contract.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { BadgeKeys } from '../badges/badge-key.ts';
import { listenerOf } from '../duress/duress-alarms.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import { namesAbove } from '../organisation/levels.ts';
import type { AtRest } from '../keys/at-rest.ts';
import type { PinsAtRest } from '../keys/pins-at-rest.ts';
import type { Db, Tx } from '../store/database.ts';
import type { ReadReplica } from '../store/replica.ts';
import { standingOf, wentThrough, type Standing } from '../store/history.ts';
import { holdsEvent } from './journal-claim.ts';
import type { Found } from './no-news.ts';
import { readers, type Document, type ReadPage } from './page-readers.ts';
import type { PulledCollection, PullQuery } from './pulled.ts';

export type Pull = (
  collection: PulledCollection,
  kiosk: KioskOfStore,
  query: PullQuery,
  /** What was found at the primary when the pull began; null where it is not known. */
  found: Found | null,
  breathe: () => Promise<void>,
) => Promise<PullAnswer>;

/** What is sealed to the kiosk that pulls. */
const sealedIn: ReadonlySet<PulledCollection> = new Set(['keyCertificates', 'store']);

/** What was read of a page, and where the store stood then; null where it never was at the point that the kiosk has seen. */
type Read = { readonly page: ReadPage; readonly standing: Standing; readonly isLost: boolean } | null;

export const createPull = (ports: {
  readonly db: Db;
  /** Where pages are read when it is far enough. */
  readonly replica: ReadReplica | null;
  readonly tenantId: string;
  readonly atRest: AtRest;
  readonly pins: PinsAtRest;
  readonly badgeKeys: Pick<BadgeKeys, 'ensureIfWritable' | 'open' | 'noteUntold'>;
  readonly logger: Logger;
}): Pull => {
  const { db, replica, tenantId, badgeKeys, logger } = ports;
  const isSealed = (collection: PulledCollection, { sealedPins }: PullQuery): boolean =>
    sealedIn.has(collection) || (collection === 'staff' && sealedPins === 'yes');

  const atPrimary = (collection: PulledCollection, kiosk: KioskOfStore, query: PullQuery): Promise<Read> =>
    // One snapshot for the page and for the count of what is left.
    db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute(async (tx) => {
        const scope = { tenantId, ...kiosk };
        const { seen, journal } = query;
        const standing = await standingOf(tx, scope);
        if (seen !== undefined && !(await wentThrough(tx, scope, seen, standing))) return null;
        const page = await readers[collection](tx, {
          ...ports,
          ...query,
          kiosk,
          listener: collection === 'store' ? await listenerOf(tx, tenantId, kiosk) : null,
          names: collection === 'store' ? await namesAbove(tx, tenantId, kiosk.storeId) : null,
          sealingKey: isSealed(collection, query) ? await sealingKeyOf(tx, tenantId, kiosk) : null,
        });
        const isLost = journal !== undefined && !(await holdsEvent(tx, scope, journal));
        return { page, standing, isLost };
      });

  /** Undefined where the primary is to be asked. */
  const atReplica = async (
    collection: PulledCollection,
    kiosk: KioskOfStore,
    query: PullQuery,
    found: Found | null,
  ): Promise<Read | undefined> => {
    // A store's own document is one row, of which some is the kiosk's or is written while it is read.
    if (!replica || !found?.point || collection === 'store') return undefined;
    const { point, sequence, written } = found;
    const scope = { tenantId, ...kiosk };
    // What does not stand in the store's history is the primary's: to whom is sealed, and what the journal holds.
    const sealingKey = isSealed(collection, query) ? await sealingKeyOf(db, tenantId, kiosk) : null;
    const standing = { sequence, point };
    const read = await replica.read(scope, { point, written }, async (tx) => {
      const { seen } = query;
      if (seen !== undefined && !(await wentThrough(tx, scope, seen, standing))) return null;
      return readers[collection](tx, { ...ports, ...query, kiosk, listener: null, names: null, sealingKey });
    });
    if (!read) return undefined;
    return read.value && { page: read.value, standing, isLost: !found.isHeld };
  };

  /** Keys are sealed after the connection was given back: that takes longer than reading them. */
  const documentsOf = async (collection: PulledCollection, page: ReadPage, breathe: () => Promise<void>) =>
    (await page.documents(breathe)).map((each) => (each.deleted ? bare(collection, each) : each));

  return async (collection, kiosk, query, found, breathe) => {
    if (collection === 'store') await badgeKeys.ensureIfWritable(kiosk.storeId);
    const answer = async (read: Read): Promise<PullAnswer> => {
      if (!read) return otherHistory;
      const { page, standing, isLost } = read;
      const documents = await documentsOf(collection, page, breathe);
      if (collection === 'store' && documents.some((store) => !store.deleted && !('badgeKey' in store)))
        await badgeKeys.noteUntold(kiosk.storeId);
      return {
        documents,
        // A kiosk that asks for what comes after it has seen what a restored backup no longer holds.
        checkpoint: documents.at(-1)?.version ?? Math.min(query.after, standing.sequence),
        remaining: page.remaining,
        ...(collection === 'store' ? { sealsPins: true as const } : {}),
        ...(standing.point === null ? {} : { point: standing.point }),
        ...(isLost ? { journalLost: true } : {}),
      };
    };
    const read = await atReplica(collection, kiosk, query, found);
    if (read !== undefined) {
      try {
        const said = await answer(read);
        replica?.notePage('replica');
        return said;
      } catch (failure) {
        // Encrypted there with a secret that has gone since: that changes no version.
        logger.warn('a page of the replica cannot be opened', { collection, ...describeThrown(failure) });
      }
    }
    replica?.notePage('primary');
    return answer(await atPrimary(collection, kiosk, query));
  };
};

/** Of what is gone, nothing is told but that. Kiosks of every release go by the id alone. */
const bare = (collection: PulledCollection, { version, deleted, ...fields }: Document): Document => {
  const key = collections[collection].primaryKey;
  return { [key]: fields[key], version, deleted };
};

const otherHistory: PullAnswer = { documents: [], checkpoint: 0, remaining: 0, otherHistory: true };

const sealingKeyOf = async (tx: Db | Tx, tenantId: string, kiosk: KioskOfStore): Promise<PublicJwk> => {
  const { sealing_key: key } = await tx
    .selectFrom('kiosks')
    .select('sealing_key')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', kiosk.storeId)
    .where('kiosk_id', '=', kiosk.kioskId)
    .executeTakeFirstOrThrow();
  return key;
};
