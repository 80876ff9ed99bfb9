import { takesDownload, type Download, type OwnDownloads } from './own-downloads.ts';

/** What is used of a `Session`: everything by which a page can ask for more than it was given. */
export interface PermissionSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, callback: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  setDisplayMediaRequestHandler(handler: (request: unknown, callback: (streams: null) => void) => void): void;
  setBluetoothPairingHandler(
    handler: (details: unknown, callback: (answer: { confirmed: boolean }) => void) => void,
  ): void;
  setSpellCheckerEnabled(enabled: boolean): void;
  on(event: 'will-download', listener: (event: { preventDefault(): void }, item: Download) => void): unknown;
}

/**
 * Denies every permission, asked for or checked, every device, screen sharing, pairing and download. The page needs none:
 * what touches hardware happens in the radio process. `downloads`: but for the files that the page hands out itself, which go there.
 */
export const denyPermissions = (session: PermissionSession, downloads?: OwnDownloads): void => {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback(null));
  session.setBluetoothPairingHandler((_details, callback) => callback({ confirmed: false }));
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event, item) => {
    if (!downloads || !takesDownload(item, downloads)) event.preventDefault();
  });
};
