/** A kiosk that dies while it enrols: before and after everything that it says to the backend or to the lock. */
import { expect } from 'vitest';
import { z } from 'zod';
import { EstateKiosk } from './estate-kiosk.ts';
import { eventually, type Lock } from './estate.ts';
import { estateTest } from './estate-test.ts';

/** What every enrolment passes at least once, in its two halves: until the lock is provisioned, and until that is told. */
const instants = [
  'captured: before POST /v1/sync/enrolments',
  'captured: after POST /v1/sync/enrolments',
  'captured: after GET /v1/sync/enrolments',
  'captured: after GET /v1/sync/keyCertificates',
  'captured: before provision',
  'provisioned: after provision',
  'provisioned: before POST /v1/sync/enrolments',
  'provisioned: after POST /v1/sync/enrolments',
] as const;

const overview = z.object({ enrolments: z.array(z.object({ serialNumber: z.string(), state: z.string() })) });

const test = estateTest
  .extend('storeId', { scope: 'file' }, ({ estate }) => estate.makeStore())
  /** What the backend has of this lock's enrolment. */
  .extend(
    'known',
    ({ estate, storeId }) =>
      async ({ identity }: Lock) =>
        overview
          .parse(await estate.admin('GET', `/stores/${storeId}/enrolments`))
          .enrolments.find(({ serialNumber }) => serialNumber === identity.serialNumber),
  )
  /** Enrols one lock; dies when it first passes the instant and lives again from the files of that moment. */
  .extend(
    'enrol',
    ({ estate, storeId, known }) =>
      async (dieAt: (typeof instants)[number] | null): Promise<void> => {
        const kiosk = await EstateKiosk.at(estate, storeId);
        const lock = await estate.makeLock();
        const passed = new Set<string>();
        const files: string[] = [];
        kiosk.instant = (what) => {
          // What a round asks before the capture is pushed is none of the enrolment's.
          const begun = passed.size > 0 || what === 'before POST /v1/sync/enrolments';
          if (files.length > 0 || !begun) return;
          const instant = `${lock.provisioned ? 'provisioned' : 'captured'}: ${what}`;
          passed.add(instant);
          if (instant === dieAt) files.push(kiosk.freeze());
        };
        await kiosk.capture(lock);
        if (dieAt) {
          await eventually(() => expect(files).toHaveLength(1));
          await kiosk.startFrom(files[0]);
        }
        await eventually(() => expect(kiosk.enrolment(lock)?.state).toBe('provisioned'));
        expect(lock.provisioned).toBe(true);
        const registered = estate.registry
          .serialNumbers()
          .filter((serialNumber) => serialNumber === lock.identity.serialNumber);
        expect(registered).toHaveLength(1);
        await eventually(async () => expect(await known(lock)).toMatchObject({ state: 'provisioned' }));
        if (!dieAt)
          await eventually(() => expect([...passed]).toEqual(expect.arrayContaining([...instants])));
        await kiosk.stop();
      },
  );

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ storeId: _storeId }) => undefined);

test('nobody dies: every instant of the deaths below is passed', ({ enrol }) => enrol(null));

test.for(instants)(
  'dead at "%s", it goes on to the same end',
  { timeout: 60_000 },
  async (instant, { enrol }) => {
    await enrol(instant);
  },
);
