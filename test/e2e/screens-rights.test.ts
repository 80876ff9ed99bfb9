/** What a role does not allow is not there; a lock that is not this person's to open, or not now, says so calmly, and who may. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { KioskView } from '#shared/ipc/views.ts';
import { kioskPageTest } from '#support/kiosk-page.ts';
import { scan } from '#support/scanner.ts';
import * as scene from '#support/store-scene.ts';
import { heading, tapFirst } from './screens-common.ts';
import { closedUntilMonday, inRole, refusedBy, showFirst, whoMay } from './screens-rights.ts';

const it = kioskPageTest(async (kiosk) => {
  await kiosk.show('kiosk', inRole('associate'));
  await kiosk.show('locks', { locks: scene.locks(), foreign: [] });
  await kiosk.show('newLocks', scene.newLocks());
}).extend(
  'button',
  ({ page }) =>
    (name: string | RegExp) =>
      page.getByRole('button', { name }),
);

describe('what a role does not allow', () => {
  const everything = {
    alarms: [{ kind: 'tampered' as const, since: scene.sceneNow - 60_000, acknowledged: false }],
    unknownSince: scene.sceneNow - 60_000,
    toBeReleased: true,
  };
  const test = it
    /** In that role, what there is to press on the Counter and in the details of the first lock. */
    .extend(
      'offered',
      ({ core, page, sheet, button }) =>
        async (role: Parameters<typeof inRole>[0]): Promise<string[]> => {
          await core.show('kiosk', inRole(role));
          await showFirst(core, everything);
          await page.locator('header .second', { hasText: inRole(role).storeName ?? '' }).waitFor();
          await expect.poll(() => button('More about Spirits cabinet 1').count()).toBe(1);
          const counter = await page.locator('main button, footer button').allInnerTexts();
          await button('More about Spirits cabinet 1').click();
          await heading(page, 'Spirits cabinet 1');
          const inSheet = await sheet.locator('button').allInnerTexts();
          return [...counter, ...inSheet].map((words) => words.trim());
        },
    );

  const acts = [
    '2 new locks',
    'Being added',
    'Rounds',
    'Open all 2 nearby …',
    'Make it blink',
    'Read it from the lock',
    'Rename or regroup',
    'Remove from this store',
    'I looked: it is locked',
    'Acknowledge',
    'Ask the lock',
  ];

  test.for([
    ['associate', ['Make it blink', 'Ask the lock']],
    [
      'lead',
      [
        'Rounds',
        'Open all 2 nearby …',
        'Make it blink',
        'I looked: it is locked',
        'Acknowledge',
        'Ask the lock',
      ],
    ],
    ['manager', acts],
    [
      'back_office',
      [
        '2 new locks',
        'Being added',
        'Make it blink',
        'Rename or regroup',
        'Remove from this store',
        'Ask the lock',
      ],
    ],
    ['auditor', ['Read it from the lock']],
  ] as const)('is not there: %s', async ([role, expected], { offered }) => {
    const there = await offered(role);
    expect(acts.filter((act) => there.includes(act))).toEqual(expected);
  });

  test('is left where the role goes while one is at it', async ({ core, page, button }) => {
    await core.show('kiosk', inRole('manager'));
    await button('2 new locks').click();
    await heading(page, 'New locks');
    await core.show('kiosk', inRole('associate'));
    await button(/^Open Spirits cabinet 1/).waitFor();
    expect(await button(/new lock/).count()).toBe(0);
  });

  test('is not offered to who scans a new lock', async ({ page, button }) => {
    await button(/^Open Spirits cabinet 1/).waitFor();
    await scan(page, scene.serialOf(0xa1));
    await page.getByText('is a new lock.').waitFor();
    expect(await button('Enrol it').count()).toBe(0);
  });
});

describe('the bar', () => {
  const test = it.extend(
    'lines',
    ({ page }) =>
      () =>
        page.locator('header .names p').allTextContents(),
  );

  test('says name and role, and roles of a store’s own by their names', async ({ core, lines }) => {
    await expect.poll(lines).toEqual(['Maya Lindqvist', 'Associate · Northgate']);
    const { session } = inRole('lead');
    if (!session) throw new Error('nobody is signed in');
    const roles = [...session.roles, { roleId: 'keyholder', name: 'Key holder', at: [] }];
    await core.show('kiosk', { ...inRole('lead'), session: { ...session, roles } });
    await expect.poll(lines).toEqual(['Maya Lindqvist', 'Lead and Key holder · Northgate']);
  });

  test('says the store alone where nobody has roles', async ({ core, lines }) => {
    await core.show('kiosk', scene.signedIn());
    await expect.poll(lines).toEqual(['Maya Lindqvist', 'Northgate']);
  });
});

describe('a lock that is not this person’s to open', () => {
  const comes = (person: number): KioskView => {
    const { staffId = '', name = '' } = scene.staff[person - 1] ?? {};
    return scene.signedIn({ session: { staffId, name, idleAt: scene.sceneNow + 600_000 } });
  };
  const test = it.extend('askPriya', ({ page, inputsOf, button }) => async (): Promise<void> => {
    await tapFirst(page);
    await button('Ask one of them').click();
    await button('Priya R.').click();
    await page.getByRole('heading', { name: 'Priya R.' }).waitFor();
    expect(inputsOf('signOut')).toHaveLength(1);
  });
  test.beforeEach(async ({ core }) => {
    await showFirst(core, refusedBy('rights.not_permitted'));
    whoMay(core, [1, 2, 3], []);
    core.answer('signOut', () => {
      void core.show('kiosk', scene.kiosk());
      return ok(null);
    });
  });

  test('says so in its tile, and in its sheet who may; nothing of it is red, and nothing is opened', async ({
    page,
    inputsOf,
    sheet,
    button,
  }) => {
    await page.locator('main li', { hasText: 'Not with your role' }).waitFor();
    await tapFirst(page);
    await page.getByText('Not with your role.', { exact: true }).waitFor();
    // Whoever asks is not named among those who may be asked.
    await page.getByText('Tom O. and Priya R. may open it.').waitFor();
    const red: unknown = await page.evaluate(`(() => {
      const probe = document.createElement('i');
      probe.style.color = 'var(--refused)';
      document.body.append(probe);
      const red = getComputedStyle(probe).color;
      probe.remove();
      return [...document.querySelectorAll('dialog *')].filter((one) => {
        const { color, borderTopColor, backgroundColor } = getComputedStyle(one);
        return [color, borderTopColor, backgroundColor].includes(red);
      }).length;
    })()`);
    expect(red).toBe(0);
    await button('Leave locked').click();
    await sheet.waitFor({ state: 'detached' });
    expect(inputsOf('unlock')).toEqual([]);
    expect(inputsOf('signOut')).toEqual([]);
  });

  test('is shown to who was asked for it, once they have signed in, and is opened by their tap', async ({
    core,
    inputsOf,
    sheet,
    askPriya,
  }) => {
    await askPriya();
    await core.show('kiosk', comes(3));
    await showFirst(core, {});
    await sheet.getByRole('heading', { name: 'Spirits cabinet 1' }).waitFor();
    expect(inputsOf('unlock')).toEqual([]);
    core.answer('unlock', () => ok({ kind: 'open', until: scene.sceneNow + 60_000 }));
    await sheet.getByRole('button', { name: 'Open', exact: true }).click();
    await expect.poll(() => inputsOf('unlock')).toEqual([{ serialNumber: scene.serialOf(1) }]);
  });

  test('is not shown to somebody else who signs in', async ({ core, sheet, button, askPriya }) => {
    await askPriya();
    await core.show('kiosk', comes(2));
    await button(/^Spirits cabinet 1/).waitFor();
    expect(await sheet.count()).toBe(0);
  });

  test('is not shown where they have gone back to the names first', async ({
    core,
    page,
    sheet,
    button,
    askPriya,
  }) => {
    await askPriya();
    await button('Someone else').click();
    await heading(page, 'Choose your name');
    await core.show('kiosk', comes(3));
    await button(/^Spirits cabinet 1/).waitFor();
    expect(await sheet.count()).toBe(0);
  });

  test('says so in its details, which offer no Open', async ({ sheet, button }) => {
    await button('More about Spirits cabinet 1').click();
    await sheet.getByText('Not with your role.').waitFor();
    expect(await sheet.getByRole('button', { name: 'Open', exact: true }).count()).toBe(0);
  });
});

describe('a lock outside its hours', () => {
  it('says from when on its tile, and that nobody’s PIN changes that', async ({
    core,
    page,
    inputsOf,
    sheet,
    button,
  }) => {
    await showFirst(core, closedUntilMonday);
    whoMay(core, [], []);
    await page.locator('main li', { hasText: 'from Mon 08:00' }).waitFor();
    await tapFirst(page);
    await page.getByText('Closed until Monday 08:00.', { exact: true }).waitFor();
    await page.getByText('Nobody here may open it now.').waitFor();
    expect(await button('Ask one of them').count()).toBe(0);
    await button('Leave locked').click();
    await sheet.waitFor({ state: 'detached' });
    expect(inputsOf('unlock')).toEqual([]);
  });

  it('tells hours by the store’s clock, wherever the computer believes to be', async ({ core, page }) => {
    await core.show('kiosk', { ...inRole('associate'), timeZone: 'Pacific/Auckland' });
    await showFirst(core, {
      obstacle: { code: 'rights.outside_hours', params: { fromAt: scene.sceneNow + 48 * 3_600_000 } },
    });
    const there = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Pacific/Auckland',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    await page.locator('main li', { hasText: there.format(scene.sceneNow) }).waitFor();
  });

  it('says so as calmly where its hours have ended with the tap', async ({ core, page, sheet }) => {
    whoMay(core, [], []);
    core.answer('unlock', () =>
      fail('rights.outside_hours', { fromAt: closedUntilMonday.obstacle?.params.fromAt ?? 0 }),
    );
    await tapFirst(page);
    await sheet.getByText('Closed until Monday 08:00.', { exact: true }).waitFor();
    expect(await page.getByText('Not opened', { exact: true }).count()).toBe(0);
  });
});

it('people of one name are told apart by their numbers, in the list and over the PIN', async ({
  core,
  page,
  inputsOf,
  button,
}) => {
  const staff = scene.staff.map((one, at) => ({
    ...one,
    name: at < 2 ? 'Maya Lindqvist' : one.name,
    employeeNumber: `${at + 7000}`,
  }));
  await core.show('kiosk', scene.kiosk({ staff }));
  await heading(page, 'Choose your name');
  expect(await page.locator('main li').allInnerTexts()).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/Maya L\.\s+7000/),
      expect.stringMatching(/Maya L\.\s+7001/),
    ]),
  );
  expect(await page.getByText('7002').count()).toBe(0);
  await button(/Maya L\.\s+7001/).click();
  await page.getByRole('heading', { name: 'Maya L. 7001' }).waitFor();
  core.answer('signIn', () => fail('staff.ended'));
  await page.keyboard.type('2468', { delay: 90 });
  await page.keyboard.press('Enter');
  await page.getByText('This person’s time here is over.').waitFor();
  expect(inputsOf('signIn')).toEqual([{ staffId: scene.idOf(2), pin: '2468' }]);
});
