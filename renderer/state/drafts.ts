/**
 * What people have begun to enrol and not captured yet: which locks they ticked, and what they typed. It is kept for its own
 * person alone, through Back, another screen and an idle sign-out, for as long as the page lives.
 */
export interface Draft {
  /** In the order in which they were ticked. */
  ticked: readonly string[];
  /** By serial number; only what the person has typed. */
  readonly names: Map<string, string>;
  /** null while the person has not chosen one. */
  group: string | null;
  /** By serial number: of the locks that have a group of their own. */
  readonly groups: Map<string, string>;
}

export interface Drafts {
  /** The draft of this person, to be written into. */
  of(staffId: string): Draft;
  /** Whether this person has ticked or typed anything that is still to be added. */
  has(staffId: string): boolean;
  /** Whether anybody has. */
  any(): boolean;
}

/** More people than one store has; whoever began first makes room. */
const mostDrafts = 200;

const isBegun = ({ ticked, names }: Draft): boolean => ticked.length > 0 || names.size > 0;

export const createDrafts = (): Drafts => {
  const drafts = new Map<string, Draft>();
  return {
    of: (staffId) => {
      const draft = drafts.get(staffId) ?? {
        ticked: [],
        names: new Map<string, string>(),
        group: null,
        groups: new Map<string, string>(),
      };
      drafts.delete(staffId);
      drafts.set(staffId, draft);
      const [oldest] = drafts.keys();
      if (drafts.size > mostDrafts && oldest !== undefined) drafts.delete(oldest);
      return draft;
    },
    has: (staffId) => {
      const draft = drafts.get(staffId);
      return draft !== undefined && isBegun(draft);
    },
    any: () => [...drafts.values()].some(isBegun),
  };
};

/** A lock that was captured is no draft any more. */
export const settle = (draft: Draft, serialNumber: string): void => {
  draft.ticked = draft.ticked.filter((serial) => serial !== serialNumber);
  draft.names.delete(serialNumber);
  draft.groups.delete(serialNumber);
};
