/** What the vendor remembers: registered locks and issued intermediates. Each write is on the disk before it returns. */
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';

export interface Registration {
  readonly serialNumber: string;
  readonly type: string;
  readonly owner: string;
  readonly keyCertificate: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly registeredAt: number;
}

export interface IssuedIntermediate {
  readonly owner: string;
  readonly certificate: Uint8Array;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly epoch: number;
}

/** One revocation: of a lock's Key Certificates, or with `serialNumber` null of the owner's intermediates. */
export interface RevocationEntry {
  readonly owner: string;
  readonly serialNumber: string | null;
  /** Everything below is revoked. */
  readonly minEpoch: number;
}

export interface Registry {
  registration(serialNumber: string): Registration | null;
  /** False, having changed nothing, where the serial number is registered already and its lock is not given back. */
  register(registration: Registration): boolean;
  /** Another Key Certificate for the key that is registered. */
  replaceCertificate(serialNumber: string, keyCertificate: Uint8Array): void;
  serialNumbers(): readonly string[];
  /** From now on the serial number may be registered once more, with another key: the lock is being given back. */
  allowRelease(serialNumber: string): void;
  /** The one issued last. */
  newestIntermediate(owner: string): IssuedIntermediate | null;
  addIntermediate(intermediate: IssuedIntermediate): void;
  /** In the order in which they were made. */
  revocations(owner: string): readonly RevocationEntry[];
  addRevocation(entry: RevocationEntry): void;
  renewalWithheld(): boolean;
  withholdRenewal(withheld: boolean): void;
  dispose(): void;
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 2000;
  CREATE TABLE IF NOT EXISTS registration (
    serial_number TEXT PRIMARY KEY, type TEXT NOT NULL, owner TEXT NOT NULL,
    key_certificate BLOB NOT NULL, private_key BLOB NOT NULL, registered_at INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS intermediate (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, certificate BLOB NOT NULL,
    not_before INTEGER NOT NULL, not_after INTEGER NOT NULL, epoch INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS revocation (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, serial_number TEXT, min_epoch INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS release (serial_number TEXT PRIMARY KEY) STRICT;
  CREATE TABLE IF NOT EXISTS flag (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
`;

const text = (value: SQLOutputValue | undefined): string => (typeof value === 'string' ? value : '');
const integer = (value: SQLOutputValue | undefined): number => (typeof value === 'number' ? value : 0);
const blob = (value: SQLOutputValue | undefined): Uint8Array =>
  value instanceof Uint8Array ? new Uint8Array(value) : new Uint8Array();

/** Opens or creates the database at `file`; ":memory:" for one that ends with the process. */
export const openRegistry = (file: string): Registry => {
  const database = new DatabaseSync(file);
  database.exec(schema);
  return {
    registration: (serialNumber) => {
      const row = database.prepare('SELECT * FROM registration WHERE serial_number = ?').get(serialNumber);
      if (!row) return null;
      return {
        serialNumber: text(row['serial_number']),
        type: text(row['type']),
        owner: text(row['owner']),
        keyCertificate: blob(row['key_certificate']),
        privateKey: blob(row['private_key']),
        registeredAt: integer(row['registered_at']),
      };
    },
    register: (entry) => {
      // A lock that was given back has drawn another key: the same key again is the registration that there is.
      const { changes } = database
        .prepare(
          `INSERT INTO registration VALUES (?, ?, ?, ?, ?, ?)
           ON CONFLICT (serial_number) DO UPDATE SET type = excluded.type, owner = excluded.owner,
             key_certificate = excluded.key_certificate, private_key = excluded.private_key,
             registered_at = excluded.registered_at
           WHERE registration.private_key <> excluded.private_key
             AND EXISTS (SELECT 1 FROM release WHERE release.serial_number = excluded.serial_number)`,
        )
        .run(
          entry.serialNumber,
          entry.type,
          entry.owner,
          entry.keyCertificate,
          entry.privateKey,
          entry.registeredAt,
        );
      if (changes !== 1) return false;
      database.prepare('DELETE FROM release WHERE serial_number = ?').run(entry.serialNumber);
      return true;
    },
    replaceCertificate: (serialNumber, keyCertificate) => {
      database
        .prepare('UPDATE registration SET key_certificate = ? WHERE serial_number = ?')
        .run(keyCertificate, serialNumber);
    },
    allowRelease: (serialNumber) => {
      database.prepare('INSERT INTO release VALUES (?) ON CONFLICT DO NOTHING').run(serialNumber);
    },
    serialNumbers: () =>
      database
        .prepare('SELECT serial_number FROM registration ORDER BY serial_number')
        .all()
        .map((row) => text(row['serial_number'])),
    newestIntermediate: (owner) => {
      const row = database
        .prepare('SELECT * FROM intermediate WHERE owner = ? ORDER BY id DESC LIMIT 1')
        .get(owner);
      if (!row) return null;
      return {
        owner,
        certificate: blob(row['certificate']),
        notBefore: integer(row['not_before']),
        notAfter: integer(row['not_after']),
        epoch: integer(row['epoch']),
      };
    },
    addIntermediate: (entry) => {
      database
        .prepare(
          'INSERT INTO intermediate (owner, certificate, not_before, not_after, epoch) VALUES (?, ?, ?, ?, ?)',
        )
        .run(entry.owner, entry.certificate, entry.notBefore, entry.notAfter, entry.epoch);
    },
    revocations: (owner) =>
      database
        .prepare('SELECT * FROM revocation WHERE owner = ? ORDER BY id')
        .all(owner)
        .map((row) => ({
          owner,
          serialNumber: row['serial_number'] === null ? null : text(row['serial_number']),
          minEpoch: integer(row['min_epoch']),
        })),
    addRevocation: (entry) => {
      database
        .prepare('INSERT INTO revocation (owner, serial_number, min_epoch) VALUES (?, ?, ?)')
        .run(entry.owner, entry.serialNumber, entry.minEpoch);
    },
    renewalWithheld: () =>
      integer(database.prepare("SELECT value FROM flag WHERE name = 'withheld'").get()?.['value']) === 1,
    withholdRenewal: (withheld) => {
      database
        .prepare(
          "INSERT INTO flag VALUES ('withheld', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .run(withheld ? 1 : 0);
    },
    dispose: () => database.close(),
  };
};
