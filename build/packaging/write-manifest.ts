/** Writing what `electron/kiosk/updates/manifest.ts` reads. */
import { languages } from '#shared/models/language.ts';
import { manifestForm, rings, type Manifest } from '#kiosk/updates/manifest.ts';

const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** The bytes that are signed: all but the last line. */
export const manifestBody = (manifest: Manifest): string =>
  [
    `latchpoint-update ${manifestForm}`,
    `version ${manifest.version}`,
    `issued ${timeText(manifest.issuedAt)}`,
    `expires ${timeText(manifest.expiresAt)}`,
    `from ${manifest.from}`,
    `data ${manifest.dataVersion}`,
    ...(manifest.urgent ? ['urgent yes'] : []),
    ...rings
      .filter((ring) => manifest.rings[ring] !== undefined)
      .map((ring) => `ring ${ring} ${manifest.rings[ring]}`),
    ...[...manifest.stores].map((id) => `store ${id}`),
    ...[...manifest.packages].map(
      ([on, { file, bytes, sha256 }]) => `package ${on} ${file} ${bytes} ${sha256}`,
    ),
    ...languages
      .filter((language) => manifest.words[language] !== undefined)
      .map((language) => `words ${language} ${manifest.words[language]}`),
    '',
  ].join('\n');

/** The whole manifest. `signature`: of its body's bytes. */
export const signedManifest = (body: string, signature: Uint8Array): string =>
  `${body}signature ${Buffer.from(signature).toString('base64')}\n`;
