import type { Signing } from './sign.ts';

/** What a package is made of. */
export interface PackageInput {
  /** The packed folder, `linux-unpacked` or `win-unpacked`. */
  readonly packed: string;
  /** The project's own folder. */
  readonly source: string;
  /** A folder that is thrown away. */
  readonly work: string;
  /** Where the package goes. */
  readonly output: string;
  readonly version: string;
  /** The time that the package carries, in seconds since 1970. */
  readonly date: number;
  /** Who signs it for Windows; null: nobody does. */
  readonly signing: Signing | null;
}
