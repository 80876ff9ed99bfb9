/** The preload script as it is shipped: a function for every call and stream of the contract, and nothing of the contract's libraries. */
import { runInNewContext } from 'node:vm';
import { build } from 'vite';
import { expect, it } from 'vitest';
import { callNames, streamNames } from '#shared/ipc/contract.ts';
import { pageApiKey, type PageApi } from '#shared/ipc/page-api.ts';

it('gives the page a function for each call and stream of the contract, each on a channel of its own', async () => {
  const built = await build({ mode: 'preload', logLevel: 'silent', build: { write: false } });
  const files = [built].flat().flatMap((bundle) => ('output' in bundle ? bundle.output : []));
  const code = files.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
  expect(code.length).toBeLessThan(8_000);

  const exposed = new Map<string, PageApi>();
  const invoked: string[] = [];
  const electron = {
    contextBridge: { exposeInMainWorld: (key: string, api: PageApi) => exposed.set(key, api) },
    ipcRenderer: {
      invoke: (channel: string) => Promise.resolve(invoked.push(channel)),
      on: () => undefined,
      send: () => undefined,
    },
  };
  const required: string[] = [];
  const require = (name: string): typeof electron => {
    required.push(name);
    return electron;
  };
  runInNewContext(code, { require, module: {}, exports: {}, setInterval: () => 0, document: { body: null } });

  expect(required).toEqual(['electron']);
  const page = exposed.get(pageApiKey);
  expect(Object.keys(page?.calls ?? {})).toEqual(callNames);
  expect(Object.keys(page?.streams ?? {})).toEqual(streamNames);
  for (const name of callNames) await page?.calls[name](null);
  expect(invoked).toEqual(callNames.map((name) => `call:${name}`));
});
