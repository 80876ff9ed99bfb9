/** A web server on loopback that gives files as a channel does, with the faults that a test asks for. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Faults {
  /** The connection breaks after so many bytes of an answer. */
  readonly cutAfter?: number;
  /** No answer at all. */
  readonly isSilent?: boolean;
  readonly ignoresRanges?: boolean;
  readonly hasNoTag?: boolean;
  readonly status?: number;
}

export interface PackageServer {
  readonly url: string;
  readonly files: Map<string, Buffer>;
  faults: Faults;
  /** What was asked for: path and `Range`. */
  readonly asked: { readonly path: string; readonly range: string | undefined }[];
  close(): Promise<void>;
}

const tagOf = (content: Buffer): string => `"${content.length}-${content.at(-1) ?? 0}"`;

const answer = (
  { files, faults, asked }: PackageServer,
  request: IncomingMessage,
  response: ServerResponse,
): void => {
  const path = request.url ?? '';
  const { range } = request.headers;
  asked.push({ path, range });
  if (faults.isSilent) return;
  const content = files.get(path.slice(1));
  if (!content || faults.status !== undefined) {
    response.writeHead(faults.status ?? 404).end();
    return;
  }
  const ifRange = request.headers['if-range'];
  const isSame = ifRange === undefined || ifRange === tagOf(content);
  const from = faults.ignoresRanges || !isSame ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from > 0 && from >= content.length) {
    response.writeHead(416).end();
    return;
  }
  const headers = {
    'content-length': content.length - from,
    ...(faults.hasNoTag ? {} : { etag: tagOf(content) }),
    ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
  };
  response.writeHead(from > 0 ? 206 : 200, headers);
  const rest = content.subarray(from);
  if (faults.cutAfter === undefined || faults.cutAfter >= rest.length) response.end(rest);
  // Only what has left before the socket goes has arrived.
  else response.write(rest.subarray(0, faults.cutAfter), () => response.destroy());
};

/** Close it with the test. */
export const startPackageServer = async (): Promise<PackageServer> => {
  const server = createServer((request, response) => answer(running, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const running: PackageServer = {
    url: `http://127.0.0.1:${port}`,
    files: new Map(),
    faults: {},
    asked: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return running;
};
