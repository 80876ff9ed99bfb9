/** The revocation lists that this kiosk carries to locks. */
import type { TrustDocument } from '#shared/models/documents.ts';

export type RevocationLists = (
  trust: readonly TrustDocument[],
  owner: string | null,
) => readonly Uint8Array[];

/**
 * The parts of this owner's list, the first one first; empty where nothing was ever revoked. Answers the same array while `trust`
 * and `owner` are the same.
 */
export const createRevocationLists = (): RevocationLists => {
  let last: { readonly trust: readonly TrustDocument[]; readonly owner: string | null } | null = null;
  let lists: readonly Uint8Array[] = [];
  return (trust, owner) => {
    if (last?.trust !== trust || last.owner !== owner) {
      lists = listsOf(trust, owner);
      last = { trust, owner };
    }
    return lists;
  };
};

const listsOf = (trust: readonly TrustDocument[], owner: string | null): readonly Uint8Array[] => {
  const own = trust.filter((document) => document.owner === owner);
  const firsts = own.filter((document) => document.kind === 'revocation_list');
  const others = own.filter((document) => document.kind === 'revocation_part');
  // One per owner: should there be more, the newest is what locks that nothing names get.
  return [...firsts.sort((a, b) => b.version - a.version), ...others].map(
    ({ list }) => new Uint8Array(Buffer.from(list, 'base64')),
  );
};
