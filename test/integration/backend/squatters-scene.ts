/** Somebody who claims serial numbers that are not theirs, and what stores and operators do then. */
import { expect } from 'vitest';
import { z } from 'zod';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

export const minuteMs = 60_000;

export const enrolmentAt = async (at: TestKiosk, { enrolmentId }: EnrolmentDocument) =>
  (await at.pullAll('enrolments')).find((each) => each['enrolmentId'] === enrolmentId);

export const reaches = (at: TestKiosk, enrolment: EnrolmentDocument, state: string) =>
  eventually(async () => expect(await enrolmentAt(at, enrolment)).toMatchObject({ state }));

export const push = async (at: TestKiosk, captured: EnrolmentDocument): Promise<EnrolmentDocument> => {
  expect(await at.pushOne(captured)).toMatchObject({ status: 'accepted', master: { state: 'submitted' } });
  return captured;
};

/** Nothing happens in it: the line is looked at every five seconds. */
export const longerThanALook = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 6_000));

const shownSchema = z.object({
  enrolments: z.array(
    z.object({ enrolmentId: z.string(), state: z.string(), waitsSince: z.number().nullable() }),
  ),
});

export const squattersTest = storeTest.extend('scene', { auto: true }, async ({ world }) => {
  /** The vendor turns every registration away, so that nothing of what is claimed is registered; `opens` ends that. */
  const shutVendor = (): { opens(): void } => {
    const { vendor } = world;
    const inner = vendor.fetch.bind(vendor);
    let isShut = true;
    vendor.fetch = async (url, init) => {
      if (!isShut || init.method !== 'POST' || !url.endsWith('/v1/dlock')) return inner(url, init);
      return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
    };
    return { opens: () => (isShut = false) };
  };
  /** Claimed without proof, and surely not registered: the call for it was turned away. */
  const squat = async (serialNumber: string, by = squatter): Promise<EnrolmentDocument> => {
    const claimed = await push(by, by.capture(serialNumber));
    await isPutOff(claimed);
    return claimed;
  };
  /** Only then does the clock's next step bring the next attempt: the pause counts from when the vendor has answered. */
  const isPutOff = ({ enrolmentId }: EnrolmentDocument) =>
    eventually(() => expect(world.log).toContainEqual(expect.stringMatching(`postponed.*${enrolmentId}`)));
  const pass = (ms: number): void => {
    world.clock.offsetMs += ms;
  };
  const refuse = (enrolment: EnrolmentDocument) =>
    world.admin('POST', `/enrolments/${enrolment.enrolmentId}/resolve`, { action: 'refuse' });
  /** As an operator is shown it: a kiosk's token is good for a quarter of an hour only. */
  const shown = async (at: TestKiosk, { enrolmentId }: EnrolmentDocument, url?: string) => {
    const { body } = await world.admin('GET', `/stores/${at.storeId}/enrolments`, undefined, url);
    return shownSchema.parse(body).enrolments.find((each) => each.enrolmentId === enrolmentId);
  };
  const waits = async (at: TestKiosk, enrolment: EnrolmentDocument): Promise<boolean> =>
    (await shown(at, enrolment))?.waitsSince !== null;
  /** It holds its serial number, though the vendor has turned it away. */
  const getsItsTurn = async (at: TestKiosk, enrolment: EnrolmentDocument, url?: string) => {
    await isPutOff(enrolment);
    expect(await shown(at, enrolment, url)).toMatchObject({ state: 'submitted', waitsSince: null });
  };
  const ends = (at: TestKiosk, enrolment: EnrolmentDocument, state: string, url?: string) =>
    eventually(async () => expect(await shown(at, enrolment, url)).toMatchObject({ state }));
  /** Of another store, which has seen the lock's advertisement only. */
  const squatter = await world.makeKiosk(await world.makeStore());
  return { shutVendor, squat, squatter, pass, waits, getsItsTurn, ends, refuse, isPutOff };
});
