/** Serves the air panel: its page, its state as server-sent events, and its actions. Loopback only. */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { panelActionSchema, type PanelAction, type PanelState } from './contract.ts';

export interface PanelPorts {
  readonly port: number;
  /** Folder of the built page. */
  readonly pageDir: string;
  state(): PanelState;
  /** Calls the listener whenever `state()` may have changed; returns how to stop. */
  onChange(listener: () => void): () => void;
  act(action: PanelAction): Promise<void>;
}

export interface PanelServer {
  readonly port: number;
  dispose(): Promise<void>;
}

const maxBody = 4096;
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
    'trusted-types svelte-trusted-html',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const readBody = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > maxBody) throw new Error('the body is too long');
  }
  return body;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const sendFile = async (pageDir: string, path: string, response: ServerResponse): Promise<void> => {
  const file = normalize(join(pageDir, path === '/' ? 'index.html' : path));
  const type = types[extname(file)];
  const bytes = file.startsWith(pageDir + sep) && type ? await readFile(file).catch(() => null) : null;
  if (!bytes || !type) {
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': type }).end(bytes);
};

/** Starts the panel; rejects with the system's error when the port is taken. */
export const createPanelServer = async (ports: PanelPorts): Promise<PanelServer> => {
  const streams = new Set<ServerResponse>();
  const event = (): string => `data: ${JSON.stringify(ports.state())}\n\n`;
  const stopListening = ports.onChange(() => {
    for (const stream of streams) stream.write(event());
  });

  const act = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const problem = (status: number, text: string): void => {
      response.writeHead(status, { ...headers, 'content-type': 'application/json' });
      response.end(JSON.stringify({ problem: text }));
    };
    const action = panelActionSchema.safeParse(parseJson(await readBody(request)));
    if (!action.success) {
      problem(400, action.error.issues[0]?.message ?? 'not an action');
      return;
    }
    await ports.act(action.data);
    response.writeHead(204, headers).end();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://panel');
    const origin = request.headers.origin;
    if (request.method === 'POST' && pathname === '/api/actions') {
      // Other pages of this browser have no business here.
      if (origin !== undefined && origin !== `http://${request.headers.host ?? ''}`)
        response.writeHead(403).end();
      else await act(request, response);
    } else if (pathname === '/api/events') {
      response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' });
      response.write(event());
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else if (request.method === 'GET') await sendFile(ports.pageDir, pathname, response);
    else response.writeHead(405, headers).end();
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { ...headers, 'content-type': 'application/json' });
      response.end(JSON.stringify({ problem: error instanceof Error ? error.message : 'it did not work' }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(ports.port, '127.0.0.1', resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    dispose: () =>
      new Promise((resolve) => {
        stopListening();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
