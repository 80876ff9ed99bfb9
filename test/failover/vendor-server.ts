/** The scripted vendor of the backend's tests, on a port of its own. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { createScriptedVendor, type ScriptedVendor } from '../integration/backend/scripted-vendor.ts';

export interface VendorServer {
  readonly vendor: ScriptedVendor;
  readonly url: string;
  dispose(): Promise<void>;
}

export const startVendor = async (): Promise<VendorServer> => {
  const vendor = await createScriptedVendor();
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const method = request.method ?? 'GET';
      const url = `http://vendor.test${request.url ?? '/'}`;
      const answer = await vendor.fetch(url, method === 'POST' ? { method, body } : { method });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(await answer.text());
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    vendor,
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    dispose: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
