/** The kiosk's word for a piece of its journal: who hands out what, from where to where. */
import { canonicalJson } from '#shared/models/journal-hash.ts';
import {
  signedJournalFormat,
  signedJournalType,
  type JournalStatement,
  type SignedJournal,
} from '#shared/journal/signed-journal.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Clock } from '../platform/clock.ts';
import type { Vault } from '../vault/port.ts';

export interface SignedPiece {
  readonly staffId: string;
  readonly events: number;
  readonly first: AccessEvent | null;
  readonly last: AccessEvent | null;
}

/** Throws where the kiosk has no identity to sign with. */
export type SignJournal = (piece: SignedPiece) => Promise<Omit<SignedJournal, 'events'>>;

export interface SignJournalOptions {
  readonly vault: Pick<Vault, 'identity' | 'signingKey' | 'signStatement'>;
  readonly timeZone: () => string | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

export const createSignJournal =
  ({ vault, timeZone, clock }: SignJournalOptions): SignJournal =>
  async ({ staffId, events, first, last }) => {
    const { identity } = vault;
    if (!identity) throw new Error('only a registered kiosk can vouch for its journal');
    const { kioskId, kioskName, storeId, storeName } = identity;
    const statement: JournalStatement = {
      format: signedJournalFormat,
      version: 1,
      signer: 'kiosk',
      kioskId,
      kioskName,
      storeId,
      storeName,
      timeZone: timeZone() ?? null,
      exportedAt: clock.now(),
      exportedBy: staffId,
      events,
      first: first?.sequence ?? null,
      last: last?.sequence ?? null,
      previousHash: first?.previousHash ?? null,
      lastHash: last?.hash ?? null,
    };
    // In one turn: the key that is named is the one that signs, whatever is renewed meanwhile.
    const key = vault.signingKey;
    const signing = vault.signStatement(signedJournalType, canonicalJson(statement));
    if (!key) throw new Error('there is nothing to sign with');
    return { statement, key, signature: await signing };
  };
