import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppFailure } from '#shared/errors/app-error.ts';
import { asDiskResult } from '#kiosk/platform/disk-failure.ts';
import type { Random } from '#kiosk/platform/random.ts';

const keyLength = 32;

/**
 * Who may see the kiosk on loopback, where any program of the machine can connect: whoever was given the address. Its token
 * is good once and is exchanged for a cookie that scripts can't read.
 */
export interface PageSession {
  /** A new token; the one before is void. */
  issueToken(): string;
  /** Spends the token: the `Set-Cookie` value for it, or null if it is not the current one. */
  spendToken(token: string): string | null;
  /** Whether a request's `Cookie` header carries a cookie of this kiosk. */
  admits(cookieHeader: string | undefined): boolean;
}

/**
 * The key behind the cookies is kept in `dataDir` (mode 0600), so that a page goes on after the core was restarted. Deleting
 * the file voids every cookie.
 */
export const createPageSession = async (dataDir: string, random: Random): Promise<PageSession> => {
  const key = await openKey(join(dataDir, 'page-session.key'), random);
  // Cookies ignore the port: the name keeps two kiosks of one machine apart.
  const cookieName = `latchpoint-${createHash('sha256').update(key).digest('hex').slice(0, 8)}`;
  let currentToken: string | null = null;

  const sign = (nonce: string): string =>
    createHmac('sha256', key).update(`page-session ${nonce}`).digest('base64url');

  return {
    issueToken() {
      currentToken = Buffer.from(random.bytes(keyLength)).toString('base64url');
      return currentToken;
    },
    spendToken(token) {
      if (currentToken === null || !equal(token, currentToken)) return null;
      currentToken = null;
      const nonce = Buffer.from(random.bytes(16)).toString('base64url');
      return `${cookieName}=${nonce}.${sign(nonce)}; HttpOnly; SameSite=Strict; Path=/`;
    },
    admits(cookieHeader = '') {
      const prefix = `${cookieName}=`;
      const cookies = cookieHeader.split(';').map((cookie) => cookie.trim());
      return cookies.some((cookie) => {
        if (!cookie.startsWith(prefix)) return false;
        const [nonce = '', signature = ''] = cookie.slice(prefix.length).split('.');
        return equal(signature, sign(nonce));
      });
    },
  };
};

/** In constant time: both sides are hashed, so that lengths tell nothing either. */
const equal = (a: string, b: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
};

const openKey = async (path: string, random: Random): Promise<Buffer> => {
  const known = await readFile(path).catch(() => null);
  // A key that was cut short by a full disk is replaced: all it costs is opening the address again.
  if (known?.length === keyLength) {
    await chmod(path, 0o600);
    return known;
  }
  const key = Buffer.from(random.bytes(keyLength));
  const unfinished = `${path}.new`;
  const kept = await asDiskResult(async () => {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(unfinished, key, { mode: 0o600 });
    await rename(unfinished, path);
  });
  // A full disk is no reason to show nothing: the cookies then end with this process, and the address is opened again.
  if (!kept.ok && kept.error.code !== 'storage.disk_full')
    throw new AppFailure(kept.error.code, kept.error.params);
  return key;
};
