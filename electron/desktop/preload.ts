/** Runs sandboxed beside the page: gives it the kiosk's API and tells the core that the page is alive. */
import { contextBridge, ipcRenderer } from 'electron';
import { pageApiKey } from '#shared/ipc/page-api.ts';
import { aliveChannel } from './channels.ts';
import { createPageBridge } from './page-bridge.ts';

/** What is used of the page: this file is compiled without the DOM's types. */
declare const document: { readonly body: { readonly innerText: string } | null };

const aliveEveryMs = 5000;

contextBridge.exposeInMainWorld(pageApiKey, createPageBridge(ipcRenderer));

setInterval(() => {
  // A page can be empty while its process is well; the core then loads it again.
  ipcRenderer.send(aliveChannel, (document.body?.innerText ?? '').length > 0);
}, aliveEveryMs);
