/** An operator reads a store's enrolments page by page, however many there are. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import { enrolmentsAnswerSchema } from '#backend/admin/answers.ts';
import { enrolmentsQuerySchema } from '#backend/admin/contract.ts';
import { someSerial } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';

const minuteMs = 60_000;

const test = storeTest.extend('scene', ({ world, storeId, kiosk }) => {
  /** Of `minutes` minutes in turn, so that a page ends in the middle of one. */
  const capture = async (count: number, minutes: number): Promise<string[]> => {
    const begun = Date.now() - minutes * minuteMs;
    const rows = Array.from({ length: count }, (_, at) => ({
      ...kiosk.capture(someSerial()),
      capturedAt: begun + (at % minutes) * minuteMs,
    }));
    for (let at = 0; at < rows.length; at += 100) {
      const results = await kiosk.push('enrolments', rows.slice(at, at + 100));
      expect(results.every(({ status }) => status === 'accepted')).toBe(true);
    }
    return rows.map(({ enrolmentId }) => enrolmentId);
  };
  const page = async (query = '') => {
    const { body } = await world.admin('GET', `/stores/${storeId}/enrolments${query}`);
    return enrolmentsAnswerSchema.parse(body).enrolments;
  };
  return { capture, page };
});

test('each of them is on one page, captured last first', async ({ scene: { capture, page } }) => {
  const captured = await capture(60, 3);
  const pages = [await page('?limit=25')];
  for (let last = pages[0]?.at(-1); last; last = pages.at(-1)?.at(-1)) {
    pages.push(await page(`?limit=25&beforeEnrolment=${last.enrolmentId}`));
  }
  expect(pages.map(({ length }) => length)).toEqual([25, 25, 10, 0]);
  const listed = pages.flat();
  expect(listed.map(({ enrolmentId }) => enrolmentId).toSorted()).toEqual(captured.toSorted());
  const times = listed.map(({ capturedAt }) => capturedAt);
  expect(times).toEqual(times.toSorted((a, b) => b - a));
  // Whoever says nothing of pages gets one.
  expect(enrolmentsQuerySchema.parse({})).toEqual({ limit: 1000 });
  expect((await page()).map(({ enrolmentId }) => enrolmentId)).toEqual(
    listed.map(({ enrolmentId }) => enrolmentId),
  );
});

test('a list goes on behind one that has been removed meanwhile', async ({
  db,
  scene: { capture, page },
}) => {
  const captured = await capture(5, 5);
  const [, , last] = await page('?limit=3');
  expect(last?.enrolmentId).toBe(captured[2]);
  await sql`UPDATE enrolments SET deleted = true WHERE enrolment_id = ${last?.enrolmentId}`.execute(db);
  const rest = await page(`?limit=3&beforeEnrolment=${last?.enrolmentId}`);
  expect(rest.map(({ enrolmentId }) => enrolmentId)).toEqual([captured[1], captured[0]]);
});

test.for(['limit=0', 'limit=1001', 'limit=few', 'beforeEnrolment=last', 'before=1'])(
  '%s is refused',
  async (query, { world, storeId }) => {
    expect(await world.admin('GET', `/stores/${storeId}/enrolments?${query}`)).toMatchObject({
      status: 400,
      body: { error: { code: 'operator.bad_value' } },
    });
  },
);
