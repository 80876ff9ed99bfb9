/**
 * The browser host's process: `node electron/browser-host/main.ts [CONFIG.json]`. Exit codes are in kiosk/platform/exit-codes.ts,
 * settings in read-config.ts. The kiosk, a bundle of its own, is loaded while the passphrase's key is derived.
 */
import { runLean } from './lean-process.ts';
import { compileCache } from './locations.ts';
import { prepare } from './prepare.ts';
import { startFailed } from './start-failed.ts';

const start = async (): Promise<void> => {
  const prepared = await prepare();
  const { runBrowserHost } = await import('./run-browser-host.ts');
  await runBrowserHost(prepared);
};

if (compileCache !== null) runLean(compileCache);
start().catch((error: unknown) => startFailed(error));
