/**
 * A copy of a running cluster, made by PostgreSQL itself (protocol, "BASE_BACKUP"): the package that carries PostgreSQL has none
 * of the client programs that would ask for one. All that was committed before the end is in it.
 */
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import pg from 'pg';

export const archiveName = 'base.tar';
export const manifestName = 'backup_manifest';

interface CopyData {
  readonly chunk: Buffer;
}

/** What of the messages of a copy is what (protocol, "BASE_BACKUP"). */
const messageKinds = { archive: 0x6e, manifest: 0x6d, data: 0x64 } as const;

/** Takes the copy as it comes, and makes the server wait while the disk is slow. */
class BaseBackup implements pg.Submittable {
  readonly #folder: string;
  readonly #done = Promise.withResolvers<undefined>();
  readonly #files: WriteStream[] = [];
  #failure: Error | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Resolves when both files are whole and on the disk. */
  async finished(): Promise<void> {
    try {
      await this.#done.promise;
      for (const file of this.#files) {
        file.end();
        if (!file.closed) await once(file, 'close');
      }
      if (this.#failure) throw this.#failure;
    } finally {
      for (const file of this.#files) file.destroy();
    }
  }

  submit(connection: pg.Connection): void {
    connection.query(
      `BASE_BACKUP (LABEL 'latchpoint', CHECKPOINT 'fast', WAL true, MANIFEST 'yes', MANIFEST_CHECKSUMS 'SHA256')`,
    );
  }

  handleCopyData({ chunk }: CopyData, connection: pg.Connection): void {
    switch (chunk[0]) {
      case messageKinds.archive:
        if (this.#files.length > 0)
          this.#fail(new Error('a cluster with tablespaces cannot be copied'), connection);
        else this.#begin(archiveName, connection);
        break;
      case messageKinds.manifest:
        this.#begin(manifestName, connection);
        break;
      case messageKinds.data: {
        const file = this.#files.at(-1);
        // A copy: the chunk is a view into what the next one is read into, and it is written later than that.
        if (!file || file.destroyed || file.write(Buffer.from(chunk.subarray(1)))) break;
        // What has been read already goes on coming.
        if (connection.stream.isPaused()) break;
        connection.stream.pause();
        file.once('drain', () => connection.stream.resume());
        break;
      }
      default: // How far it is: not asked for.
        break;
    }
  }

  #begin(name: string, connection: pg.Connection): void {
    const file = createWriteStream(join(this.#folder, name), { flags: 'wx', mode: 0o600, flush: true });
    file.on('error', (failure) => this.#fail(failure, connection));
    this.#files.push(file);
  }

  #fail(failure: Error, connection: pg.Connection): void {
    this.#failure ??= failure;
    connection.stream.destroy();
  }

  handleError(failure: Error): void {
    this.#done.reject(this.#failure ?? failure);
  }

  handleReadyForQuery(): void {
    this.#done.resolve(undefined);
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleCommandComplete(): void {}
  handleEmptyQuery(): void {}
}

/** Copies the cluster behind `connection` into `folder`, which is empty: `base.tar` and `backup_manifest`. */
export const takeBaseBackup = async (
  connection: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
  },
  folder: string,
): Promise<void> => {
  const config = { ...connection, database: 'postgres', replication: 'true' };
  const client = new pg.Client(config);
  client.on('error', () => undefined);
  await client.connect();
  try {
    // Until this session ends, what was written since the beginning of the copy is kept, however much it is.
    await client.query(`CREATE_REPLICATION_SLOT latchpoint_${process.pid} TEMPORARY PHYSICAL RESERVE_WAL`);
    await client.query(new BaseBackup(folder)).finished();
  } finally {
    await client.end();
  }
};
