/**
 * The world around the kiosk as one process: locks, air, the network to the backend, and the air panel. Environment:
 * - DATA_DIR: what the locks remember; VENDOR_DIR: the vendor's keys
 * - VENDOR_URL, CONTROL_TOKEN: the LIVE Lock API sandbox and the token of its control routes
 * - STORE_ID, ADMIN_TOKEN: this store at the backend, and an operator's token
 * - PANEL_PORT: 0 takes a free one
 *
 * The parent gets `ready` with the ports and with the locks as a delivery note would list them, and `kiosk-clock` when the
 * panel moves the kiosk's clock. It sends `backend` and `kiosk` once these are there. This process ends with its parent.
 */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { createEnding } from '#shared/flow/ending.ts';
import { createStoreAir } from '../air/store-air.ts';
import { endEachWithinMs, endWhenAsked } from '../end-when-asked.ts';
import { createPanelServer } from '../panel/server.ts';
import { openVendor } from '../live-lock/open-vendor.ts';
import { openStoreLocks } from './locks.ts';
import { createBackOffice } from './back-office.ts';
import { createNetwork } from './network.ts';
import { createStorePanel } from './store-panel.ts';
import { createVendorControl } from './vendor-control.ts';

const environmentSchema = z.object({
  DATA_DIR: z.string().min(1),
  VENDOR_DIR: z.string().min(1),
  VENDOR_URL: z.url(),
  CONTROL_TOKEN: z.string().min(1),
  STORE_ID: z.uuid(),
  ADMIN_TOKEN: z.string().min(1),
  PANEL_PORT: z.coerce.number().int().min(0).max(65_535),
});
const messageSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('backend'), port: z.int() }),
  z.strictObject({ type: z.literal('kiosk'), url: z.string(), registrationCode: z.string().nullable() }),
]);
const owner = 'simulated-store';
const vendorLookMs = 2_000;

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const run = async (): Promise<void> => {
  const environment = environmentSchema.parse(process.env);
  const vendor = await openVendor(environment.VENDOR_DIR);
  const locks = await openStoreLocks({
    dataDir: environment.DATA_DIR,
    vendor,
    owner,
    clock: systemClock,
    random: systemRandom,
  });
  const ending = createEnding({ timer: systemClock, eachMs: endEachWithinMs });
  for (const { lock, entry } of locks) ending.adopt(entry.serialNumber, lock);
  const air = await createStoreAir({
    clock: systemClock,
    random: systemRandom,
    locks: locks.map(({ lock }) => lock),
    distances: Object.fromEntries(locks.map(({ entry }) => [entry.serialNumber, entry.distance])),
    port: 0,
  });
  ending.adopt('air', air);
  let backendPort: number | null = null;
  const network = ending.adopt('network', await createNetwork(() => backendPort));
  const control = createVendorControl(environment.VENDOR_URL, environment.CONTROL_TOKEN, owner);
  const backOffice = createBackOffice(environment.ADMIN_TOKEN, environment.STORE_ID);
  const panel = createStorePanel({
    air,
    locks,
    network,
    vendor: control,
    backOffice,
    moveKioskClock: (offsetMs) => process.send?.({ type: 'kiosk-clock', offsetMs }),
  });
  ending.adopt('panel', panel);
  const server = await createPanelServer({
    port: environment.PANEL_PORT,
    pageDir: fileURLToPath(new URL('../../../dist/panel', import.meta.url)),
    state: () => panel.state(),
    act: (action) => panel.act(action),
    onChange: (listener) => panel.onChange(listener),
  });
  ending.adopt('panel server', server);

  let stopping = false;
  let cancelLook = (): void => undefined;
  // The backend fetches intermediates by itself, and a kiosk gives locks back: the panel looks from time to time.
  const look = (): void => {
    panel
      .look()
      .catch((error: unknown) => console.error(String(error)))
      .finally(() => {
        if (!stopping) cancelLook = systemClock.after(vendorLookMs, look);
      });
  };
  look();

  ending.defer('look', () => {
    stopping = true;
    cancelLook();
  });
  endWhenAsked(ending);
  process.on('message', (raw) => {
    const message = messageSchema.parse(raw);
    if (message.type === 'backend') {
      backendPort = message.port;
      backOffice.open(message.port);
    } else panel.setKiosk(message.url, message.registrationCode);
  });

  process.send?.({
    type: 'ready',
    panelPort: server.port,
    networkPort: network.port,
    hciPort: Number(air.h4.split(':')[1]),
    locks: locks.map(({ entry, lock }) => ({
      serialNumber: entry.serialNumber,
      type: entry.type,
      name: entry.name,
      group: entry.group,
      belongs: entry.belongs,
      enrolmentCode: base64(lock.enrolmentCode()),
      deviceCertificate: base64(lock.deviceCertificate),
    })),
  });
};

try {
  await run();
} catch (error) {
  console.error(error instanceof z.ZodError ? z.prettifyError(error) : error);
  process.exit(1);
}
