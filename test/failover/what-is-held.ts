/** What was acknowledged, held against what the database and the vendor have. */
import pg from 'pg';
import { z } from 'zod';
import type { Counter } from './counter.ts';
import type { Site } from './site.ts';

const eventRow = z.object({
  kiosk_id: z.string(),
  sequence: z.coerce.number(),
  hash: z.string(),
  verdict: z.string(),
});
const enrolmentRow = z.object({ enrolment_id: z.string(), serial_number: z.string(), state: z.string() });
const keyRow = z.object({ serial_number: z.string(), keys: z.coerce.number() });

const readAll = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const read = async <T>(schema: z.ZodType<T>, text: string): Promise<T[]> =>
      z.array(schema).parse((await client.query(text)).rows);
    return {
      events: await read(eventRow, 'SELECT kiosk_id, sequence, hash, verdict FROM access_events'),
      enrolments: await read(enrolmentRow, 'SELECT enrolment_id, serial_number, state FROM enrolments'),
      keys: await read(
        keyRow,
        'SELECT serial_number, count(*) AS keys FROM key_certificates GROUP BY serial_number',
      ),
    };
  } finally {
    await client.end();
  }
};

const repeated = (all: readonly string[]): readonly string[] =>
  all.filter((each, at) => all.indexOf(each) !== at);

/** Of what was acknowledged until now: what is missing or there twice, in words. */
export const findLosses = async (url: string, counters: readonly Counter[]): Promise<readonly string[]> => {
  // Before the database is read: what is acknowledged meanwhile is no loss.
  const acknowledged = counters.map(({ kiosk, recorded, acknowledged: count, captured }) => ({
    kiosk,
    events: recorded.slice(0, count),
    captured: [...captured],
  }));
  const { events, enrolments } = await readAll(url);
  const held = new Set(events.map(({ kiosk_id: kiosk, hash }) => `${kiosk} ${hash}`));
  const known = new Set(enrolments.map(({ enrolment_id: id }) => id));
  const faults = acknowledged.flatMap(({ kiosk: { kioskId }, events: own, captured }) => {
    const lost = own.filter(({ hash }) => !held.has(`${kioskId} ${hash}`)).length;
    const gone = captured.filter(({ enrolmentId }) => !known.has(enrolmentId)).length;
    return [
      ...(lost > 0 ? [`${lost} acknowledged events of ${kioskId} are lost`] : []),
      ...(gone > 0 ? [`${gone} acknowledged captures of ${kioskId} are lost`] : []),
    ];
  });
  const unchained = events.filter(({ verdict }) => verdict !== 'chained').length;
  return unchained > 0 ? [...faults, `${unchained} events are not chained`] : faults;
};

/** Once all is handed in and registered. `mayBeLost`: a restore loses what came after it, and kiosks find that out. */
export const findFaults = async (
  {
    cluster: { url },
    vendor: { vendor },
  }: Pick<Site, 'vendor'> & { readonly cluster: { readonly url: string } },
  counters: readonly Counter[],
  mayBeLost = false,
): Promise<readonly string[]> => {
  const faults = [...(await findLosses(url, counters))];
  const { enrolments, keys } = await readAll(url);
  for (const { kiosk, lostAtBackend, refused, recorded, acknowledged } of counters) {
    if (lostAtBackend > 0 && !mayBeLost)
      faults.push(`${kiosk.kioskId} was told that the backend had lost events`);
    if (acknowledged < recorded.length) faults.push(`${kiosk.kioskId} did not hand in everything`);
    faults.push(...new Set(refused));
  }
  const states = enrolments.filter(({ state }) => state !== 'registered');
  for (const { serial_number: serial, state } of states) faults.push(`${serial} is ${state}`);
  const withKey = new Map(keys.map(({ serial_number: serial, keys: count }) => [serial, count]));
  for (const { serial_number: serial } of enrolments)
    if (withKey.get(serial) !== 1) faults.push(`${serial} has ${withKey.get(serial) ?? 0} keys`);
  for (const serial of repeated(vendor.committed)) faults.push(`${serial} was registered twice`);
  for (const serial of vendor.committed)
    if (!withKey.has(serial)) faults.push(`${serial} is registered with the vendor and unknown here`);
  if (vendor.mostAtOnce() > 1) faults.push('the vendor was asked twice at the same time for one lock');
  return faults;
};

/** Until the outbox is empty. */
export const outboxOf = async (url: string): Promise<number> => {
  const { enrolments } = await readAll(url);
  return enrolments.filter(({ state }) => state === 'submitted').length;
};
