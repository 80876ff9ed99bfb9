/** A whole kiosk whose configuration has an update channel. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { FetchInit } from '#kiosk/platform/http.ts';
import { startPackageServer } from '#support/package-server.ts';
import { channelKeys, manifestOf, signManifest } from '#support/update-channel.ts';
import { kioskTest } from './kiosk-under-test.ts';
import { goodCode } from './registering-backend.ts';

const step = 5_000;

const test = kioskTest;

test('a kiosk hands an update over once whoever was signed in has gone, and takes it back from who comes', async ({
  kiosk,
}) => {
  const server = await startPackageServer();
  const folder = mkdtempSync(join(tmpdir(), 'kiosk-updates-'));
  onTestFinished(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  const content = Buffer.from('a package');
  const { publicKey: key, privateKey } = channelKeys();
  const sha256 = createHash('sha256').update(content).digest('hex');
  const packages = new Map([['linux-x64', { file: 'a.deb', bytes: content.length, sha256 }]]);
  server.files.set('a.deb', content);
  server.files.set('latchpoint.update', signManifest(manifestOf({ packages }), privateKey));
  const [resultFile, stepFile] = [join(folder, 'result'), join(folder, 'step')];
  const host = { key, version: '0.3.0', platform: 'linux-x64', folder, resultFile, stepFile };
  // In whatever zone the computer is: all day but a minute.
  const window = { from: '00:00', to: '23:59' };
  let asking = 0;
  const ask = async (url: string, init?: FetchInit): Promise<Response> => {
    asking += 1;
    return fetch(url, init).finally(() => (asking -= 1));
  };
  await kiosk.start({
    code: goodCode,
    updates: { settings: { channel: server.url, window }, host, fetch: ask },
  });
  await kiosk.until('staff is here', () => kiosk.view('kiosk').staff.length > 0);
  await kiosk.signIn();
  const stage = (): string => kiosk.view('health').updates?.state ?? 'none';
  const isAsked = (): boolean => existsSync(join(folder, 'request'));
  const goOn = async (holds: () => boolean, act: () => Promise<unknown>): Promise<void> => {
    for (let steps = 2_000; steps > 0 && !holds(); steps -= 1) {
      await act();
      await kiosk.clock.advance(step);
      // Real answers take real time, in which the clock stands still.
      do await sleep(2);
      while (asking > 0);
    }
  };
  const touch = () => kiosk.call('touch', null);

  await goOn(() => stage() === 'waiting', touch);
  expect(kiosk.view('health').updates).toMatchObject({ version: '0.3.0', offered: { version: '0.3.1' } });
  const later = kiosk.clock.now() + 10 * 60_000;
  await goOn(() => kiosk.clock.now() >= later || isAsked(), touch);
  expect(isAsked()).toBe(false);

  await kiosk.call('signOut', null);
  // Somebody types a PIN, or sets the kiosk up: nobody is signed in, and somebody is there.
  const typed = kiosk.clock.now() + 5 * 60_000;
  await goOn(() => kiosk.clock.now() >= typed || isAsked(), touch);
  expect(isAsked()).toBe(false);
  const leftAt = kiosk.clock.now();
  await goOn(isAsked, () => Promise.resolve());
  expect(isAsked()).toBe(true);
  expect(kiosk.clock.now() - leftAt).toBeGreaterThanOrEqual(2 * 60_000);

  await kiosk.signIn();
  await kiosk.until('it is taken back', () => !isAsked());
  await kiosk.until('that is told', () => kiosk.view('kiosk').update?.offer?.version === '0.3.1');

  // What became of it is looked at within a minute; then whoever may has it begun anew, by a word.
  const back = kiosk.clock.now() + 2 * 60_000;
  await goOn(() => kiosk.clock.now() >= back, touch);
  const now = { version: '0.3.1', when: 'now' } as const;
  expect(await kiosk.call('chooseUpdate', { ...now, version: '0.3.2' })).toMatchObject({
    error: { code: 'update.not_waiting' },
  });
  expect(await kiosk.call('chooseUpdate', now)).toMatchObject({ ok: true });
  expect(isAsked()).toBe(true);
  await kiosk.until('the screen says so', () => kiosk.view('kiosk').update?.installing?.done === 0);
  expect(kiosk.view('kiosk').session).toBeNull();
  await kiosk.signIn();
  await kiosk.until('it is put off', () => !isAsked());
  const read = await kiosk.call('readActivity', { filter: { outcome: 'kiosk' }, before: null });
  expect(read).toMatchObject({
    ok: true,
    value: { rows: [{ kind: 'update_chosen', update: { what: 'now' } }] },
  });
});
