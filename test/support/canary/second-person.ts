/** An opening that somebody else confirms with their own PIN, in the session of a page that is there. */
import type { BrowserContext } from 'playwright-core';
import { CallFailed, connectWithCookie } from '#support/kiosk-client.ts';
import type { Admin } from '#support/simulated-store/admin.ts';
import { storeId } from '#support/simulated-store/seed.ts';
import { secretText, type Secret } from './traces.ts';

const second = { staffId: '5aff0000-0000-4000-8000-00000000000d', name: 'Second canary' };
const pins = { right: '84019267', wrong: '64128593' } as const;

/** As they are searched for: the right one, and one that was tried. */
export const secondPins: readonly Secret[] = Object.entries(pins).map(([name, pin]) =>
  secretText(`second person's ${name} PIN`, pin),
);

/** From now on every lock takes two people: one is refused for a wrong PIN, then opens. Answers all that the kiosk said to it. */
export const openWithSecondPerson = async (
  admin: Admin,
  context: BrowserContext,
  origin: string,
  serialNumber: string,
): Promise<string> => {
  const { staffId, name } = second;
  await admin.send('PUT', `/stores/${storeId}/staff/${staffId}`, { name, pin: pins.right, roles: ['lead'] });
  const rules = [{ group: null, twoPeople: true }];
  await admin.send('PUT', `/stores/${storeId}/rights`, { timeZone: 'Europe/London', roles: [], rules });
  const cookies = (await context.cookies(origin)).map((cookie) => `${cookie.name}=${cookie.value}`);
  const client = await connectWithCookie(origin, cookies.join('; '));
  try {
    const kiosk = await client.until('kiosk', 'the second person is known', ({ staff }) =>
      staff.some((person) => person.staffId === staffId),
    );
    const locks = await client.until('locks', 'it takes two people', (view) =>
      view.locks.some((lock) => lock.serialNumber === serialNumber && lock.needs?.secondPerson === true),
    );
    const unlock = (pin: string): Promise<unknown> =>
      client.call('unlock', { serialNumber, asked: { approval: { staffId, pin } } });
    const refused = await unlock(pins.wrong).catch((error: unknown) =>
      error instanceof CallFailed ? error.error : error,
    );
    return JSON.stringify({ kiosk, locks, refused, opened: await unlock(pins.right) });
  } finally {
    client.close();
  }
};
