/** How often a person touches the screen: from signed out to an open lock, and from there to the next one. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import type { FakeCore } from '#support/fake-core.ts';
import { useKioskPage } from '#support/kiosk-page.ts';
import * as scene from '#support/store-scene.ts';
import { attempt } from './screens-list.ts';

let core: FakeCore;
let page: Page;
useKioskPage(
  (kiosk) => {
    kiosk.show('kiosk', scene.kiosk());
    kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  },
  (to) => ({ core, page } = to),
);

it('seven touches open the first lock, four of them digits, and two the next', async () => {
  core.answer('signIn', () => {
    core.show('kiosk', scene.signedIn());
    return ok(null);
  });
  core.answer('unlock', ({ serialNumber }) => {
    const end = { kind: 'open', until: scene.sceneNow + 60_000 } as const;
    const stage = { stage: 'actuate', canStop: false, bolt: 'open', end } as const;
    core.show('attempt', attempt({ ...stage, serialNumber, attemptId: crypto.randomUUID() }));
    return ok(end);
  });
  let touches = 0;
  const touch = async (name: RegExp): Promise<void> => {
    await page.getByRole('button', { name }).click();
    touches += 1;
  };
  const opened = (): Promise<void> => page.getByRole('dialog').getByText('Open', { exact: true }).waitFor();

  await touch(/^Maya L\./);
  for (const digit of '2468') await touch(new RegExp(`^${digit}$`));
  await touch(/^Enter$/);
  await touch(/^Spirits cabinet 1/);
  await opened();
  expect(touches).toBe(7);

  await touch(/^Done$/);
  await touch(/^Spirits cabinet 2/);
  await opened();
  expect(touches).toBe(9);
});
