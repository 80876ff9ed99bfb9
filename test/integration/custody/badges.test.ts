/** Badges between the backend and kiosks of one store: given and blocked on either side, and a number that nobody keeps. */
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { z } from 'zod';
import { fail, ok } from '#shared/errors/app-error.ts';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually } from './estate.ts';
import { estateTest } from './estate-test.ts';

const test = estateTest;

const manager = { staffId: randomUUID(), name: 'Bea', pin: '693158' };
const [given, assigned] = ['0012345678', '04A1B2C3D4'];
const eventsSchema = z.looseObject({ events: z.array(z.looseObject({ kind: z.string() })) });

test('a badge given at the backend signs in at each kiosk; one given at a kiosk, offline, at the others once they hear of it', async ({
  estate,
}) => {
  const storeId = await estate.makeStore();
  const [one, other] = [await EstateKiosk.at(estate, storeId), await EstateKiosk.at(estate, storeId)];
  const staff = `/stores/${storeId}/staff`;
  const { staffId, ...person } = manager;
  await estate.admin('PUT', `${staff}/${staffId}`, { ...person, roles: ['manager'] });
  await estate.admin('PUT', `${staff}/${staffId}/badges`, { number: `;${given}?` });
  const present = (kiosk: EstateKiosk, read: string): Promise<unknown> =>
    kiosk.call('signInByBadge', { read });
  // Tries with badges that nobody knows are bounded: what arrives is waited for, not tried.
  for (const kiosk of [one, other]) {
    await eventually(() => kiosk.requireView('kiosk', ({ takesBadges }) => takesBadges === true));
    expect(await present(kiosk, given)).toEqual(ok(null));
  }
  const annHas = (kiosk: EstateKiosk, count: number): Promise<unknown> =>
    eventually(() =>
      kiosk.requireView('kiosk', (view) =>
        view.staff.some(({ name, badges }) => name === 'Ann' && badges === count),
      ),
    );

  one.network = 'cut';
  const ann = one.view('kiosk').staff.find(({ name }) => name === 'Ann')?.staffId ?? '';
  expect(await one.call('assignBadge', { staffId: ann, read: given })).toEqual(fail('badge.of_another'));
  expect(await one.call('assignBadge', { staffId: ann, read: assigned })).toEqual(ok(null));
  await one.stop();
  await one.start();
  // The key lies sealed in the vault's keeping: a restart offline opens it again.
  expect(await present(one, assigned)).toEqual(ok(null));
  expect(await present(other, assigned)).toEqual(fail('badge.unknown'));
  one.network = 'up';
  await eventually(async () => expect(await one.call('syncNow', null)).toEqual(ok(null)));
  await annHas(other, 1);
  expect(await present(other, assigned)).toEqual(ok(null));
  await present(other, given);
  expect(await other.call('blockBadges', { staffId: ann })).toEqual(ok(null));
  expect(await present(other, assigned)).toEqual(fail('badge.blocked'));
  await present(one, given);
  await annHas(one, 0);
  expect(await present(one, assigned)).toEqual(fail('badge.blocked'));
  await estate.admin('DELETE', `${staff}/${staffId}/badges`);
  await eventually(async () => expect(await present(one, given)).toEqual(fail('badge.blocked')));

  await eventually(async () => {
    const answer = await estate.admin('GET', `/stores/${storeId}/events`);
    const { events } = eventsSchema.parse(answer);
    const approver = { staffId, method: 'badge' };
    for (const wanted of [
      { kind: 'signed_in', staffId, method: 'badge' },
      { kind: 'badge_assigned', staffId: ann, approver },
      { kind: 'badge_blocked', staffId: ann, approver },
    ])
      expect(events).toContainEqual(expect.objectContaining(wanted));
    expect(JSON.stringify(answer)).not.toMatch(new RegExp(`${given}|${assigned}`));
  });
  for (const kiosk of [one, other])
    expect(await readAll(kiosk.dataDir)).not.toMatch(new RegExp(`${given}|${assigned}`));
}, 180_000);

/** Every byte below a folder, as text. */
const readAll = async (folder: string): Promise<string> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const texts = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), 'latin1')));
  return texts.join('\n');
};
