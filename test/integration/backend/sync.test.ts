import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, vi } from 'vitest';
import { z } from 'zod';
import { staffSchema, storeSchema, trustSchema } from '#shared/models/documents.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { storeTest as test } from './store-test.ts';
import { eventually, policy, type World } from './world.ts';

/** Who waits for a turn for longer than 5 s is told to come back, on a busy machine too, and a kiosk does. */
const comesBack = <T>(task: () => Promise<T>): Promise<T> =>
  vi.waitFor(task, { timeout: 30_000, interval: 200 });

describe('a pull', () => {
  test('gives store, trust and staff as the models want them, and deletions as tombstones', async ({
    world,
    storeId,
    kiosk,
  }) => {
    const staffId = randomUUID();
    const put = { name: 'Front', pin: '582047' };
    await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, put);
    const schemas = { store: storeSchema, trust: trustSchema, staff: staffSchema } as const;
    for (const collection of ['store', 'trust', 'staff'] as const) {
      const documents = await kiosk.pullAll(collection);
      expect(documents).toHaveLength(1);
      const { deleted, ...document } = documents[0] ?? { deleted: null };
      expect(deleted).toBe(false);
      expect(schemas[collection].safeParse(document).error).toBeUndefined();
    }
    const [before] = await kiosk.pullAll('staff');
    await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, put);
    expect(await kiosk.pullAll('staff')).toEqual([before]);
    expect((await world.admin('DELETE', `/stores/${storeId}/staff/${staffId}`)).status).toBe(204);
    expect((await kiosk.pull('staff', before?.version)).documents).toMatchObject([
      { staffId, deleted: true },
    ]);
    expect((await world.admin('DELETE', `/stores/${storeId}/staff/${staffId}`)).status).toBe(404);
  });

  test('of pages of any size gives every document once, in order, with the right count of the rest', async ({
    kiosk,
  }) => {
    await kiosk.push(
      'enrolments',
      Array.from({ length: 25 }, () => kiosk.capture(someSerial())),
    );
    await eventually(async () => expect(await kiosk.pullAll('locks')).toHaveLength(25));
    const whole = await kiosk.pullAll('locks');
    for (const size of [1, 7, 25, 26]) expect(await kiosk.pullAll('locks', size)).toEqual(whole);
    const versions = whole.map((each) => each.version);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect((await kiosk.pull('locks', 0, 10)).remaining).toBe(15);
    expect(await kiosk.pull('locks', versions.at(-1))).toMatchObject({
      documents: [],
      checkpoint: versions.at(-1),
      remaining: 0,
    });
  });

  test('that goes on while many write misses nothing', async ({ world, kiosk }) => {
    const second = kiosk.at((await world.startInstance()).url);
    const seen = new Set<unknown>();
    let checkpoint = 0;
    const writing = new AbortController();
    const readOn = async (): Promise<void> => {
      const page = await comesBack(() => kiosk.pull('enrolments', checkpoint, 5));
      for (const each of page.documents) seen.add(each['enrolmentId']);
      checkpoint = page.checkpoint;
    };
    const reader = (async () => {
      while (!writing.signal.aborted) await readOn();
    })();
    const pushed: string[] = [];
    const lanes = Array.from({ length: 8 }, async (_, lane) => {
      for (let count = 0; count < 5; count++) {
        const captured = kiosk.capture(someSerial());
        await comesBack(() => (lane % 2 === 0 ? kiosk : second).pushOne(captured));
        pushed.push(captured.enrolmentId);
      }
    });
    await Promise.all(lanes).finally(() => writing.abort());
    await reader;
    for (let before = -1; before !== checkpoint;) {
      before = checkpoint;
      await readOn();
    }
    expect(pushed.filter((id) => !seen.has(id))).toEqual([]);
  });

  test('hands out a renewed intermediate beside the old one, and takes the old one back when it lapses', async ({
    world,
    kiosk,
  }) => {
    const [first] = await kiosk.pullAll('trust');
    const day = 86_400_000;
    await world.vendor.setIntermediate({ notBefore: Date.now(), notAfter: Date.now() + 20 * day, epoch: 2 });
    await world.admin('POST', '/trust/refresh');
    expect((await kiosk.pullAll('trust')).map((each) => each.deleted)).toEqual([false, false]);
    world.clock.offsetMs = 14 * day;
    await world.admin('POST', '/trust/refresh');
    world.clock.offsetMs = 0;
    const documents = await kiosk.pullAll('trust');
    expect(documents.find((each) => each['trustId'] === first?.['trustId'])?.deleted).toBe(true);
    expect(documents.filter((each) => !each.deleted)).toHaveLength(1);
  });

  test('a shorter intermediate replaces a longer one: the vendor has taken that back', async ({
    world,
    kiosk,
  }) => {
    const [first] = await kiosk.pullAll('trust');
    await world.vendor.setIntermediate({ notBefore: Date.now(), notAfter: Date.now() + 60_000, epoch: 2 });
    await world.admin('POST', '/trust/refresh');
    const documents = await kiosk.pullAll('trust');
    expect(documents.find((each) => each['trustId'] === first?.['trustId'])?.deleted).toBe(true);
  });
});

describe('the stream', () => {
  test('wakes the kiosks of the store on every instance, and no others', async ({
    world,
    storeId,
    kiosk,
  }) => {
    const second = kiosk.at((await world.startInstance()).url);
    const stranger = await world.makeKiosk(await world.makeStore());
    const streams = await Promise.all(
      [kiosk, second, stranger].map(async (each) => {
        const leave = new AbortController();
        const { body } = await each.request('/v1/sync/stream', { signal: leave.signal });
        const heard: string[] = [];
        const reading = (async () => {
          for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) heard.push(chunk);
        })().catch(() => undefined);
        return { heard, leave: async () => (leave.abort(), reading) };
      }),
    );
    /** Until both have heard of a change of their store. What the stranger has heard since then comes back. */
    const change = async (name: string): Promise<string> => {
      for (const { heard } of streams) heard.length = 0;
      await world.admin('PUT', `/stores/${storeId}`, { name, policy });
      for (const stream of streams.slice(0, 2)) {
        await eventually(() => {
          expect(stream.heard.join('')).toContain('event: resync\ndata: {}\n\n');
        });
      }
      return streams[2]?.heard.join('') ?? '';
    };
    // All is told in its order: with this one, what was told of the stranger's own store, when it was made, has come, too.
    await change('Once');
    expect(await change('Renamed')).not.toContain('resync');
    for (const stream of streams) await stream.leave();
  });
});

describe('the journal', () => {
  const eventOf = (kioskId: string, sequence: number, previousHash: string): AccessEvent => {
    const rest: Omit<AccessEvent, 'hash'> = {
      eventId: randomUUID(),
      kioskId,
      sequence,
      at: Date.now(),
      kind: 'unlocked',
      staffId: randomUUID(),
      serialNumber: someSerial(),
      attemptId: randomUUID(),
      errorCode: null,
      offline: true,
      stageMs: { find: 1, connect: 2, authenticate: 3, actuate: 4 },
      previousHash,
    };
    return { ...rest, hash: createHash('sha256').update(journalHashInput(rest)).digest('hex') };
  };
  const chain = ({ kioskId }: TestKiosk, length: number): AccessEvent[] => {
    const events: AccessEvent[] = [];
    while (events.length < length) {
      events.push(eventOf(kioskId, events.length + 1, events.at(-1)?.hash ?? firstPreviousHash));
    }
    return events;
  };
  const health = async (world: World, storeId: string): Promise<unknown> =>
    (await world.admin('GET', `/stores/${storeId}/kiosks`)).body;

  test('is listed whole by an operator, page by page, though it arrived all at once', async ({
    world,
    storeId,
    kiosk,
  }) => {
    await kiosk.push('accessEvents', chain(kiosk, 300));
    const seen = new Set<string>();
    for (let last = ''; seen.size < 1000;) {
      const { body } = await world.admin('GET', `/stores/${storeId}/events?limit=100${last}`);
      const { events } = z.object({ events: z.array(z.object({ eventId: z.string() })) }).parse(body);
      const oldest = events.at(-1);
      if (!oldest) break;
      for (const { eventId } of events) seen.add(eventId);
      last = `&beforeEvent=${oldest.eventId}`;
    }
    expect(seen.size).toBe(300);
  });

  test('arrives whole, once, however often it is pushed', async ({ world, storeId, kiosk }) => {
    const events = chain(kiosk, 500);
    for (const batch of [events.slice(0, 300), events, events.slice(200)]) {
      const results = await kiosk.push('accessEvents', batch);
      expect(results.every((each) => each.status === 'accepted')).toBe(true);
    }
    expect(await health(world, storeId)).toMatchObject({
      kiosks: [{ journal: { events: 500, missing: [], forks: 0, mismatches: 0 } }],
    });
    const { body } = await world.admin('GET', `/stores/${storeId}/events?limit=2`);
    expect(body).toMatchObject({ events: [{ sequence: 500, verdict: 'chained' }, { sequence: 499 }] });
  });

  test('keeps what breaks the chain, and shows it', async ({ world, storeId, kiosk }) => {
    const events = chain(kiosk, 6);
    const changed = { ...eventOf(kiosk.kioskId, 7, events[5]?.hash ?? ''), kind: 'signed_in' as const };
    const fork = eventOf(kiosk.kioskId, 2, events[0]?.hash ?? '');
    const results = await kiosk.push('accessEvents', [...events.slice(0, 3), events[5], changed, fork]);
    expect(results.map((each) => each.status)).toEqual(Array.from({ length: 6 }, () => 'accepted'));
    expect(await health(world, storeId)).toMatchObject({
      kiosks: [{ journal: { events: 6, missing: [{ from: 4, to: 5 }], forks: 1, mismatches: 1 } }],
    });
    // One line for the batch, whatever is in it.
    const lines = world.log.filter((line) => line.includes('journal broken'));
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ count: 3 }]);
    await kiosk.push('accessEvents', events.slice(3, 5));
    expect(await health(world, storeId)).toMatchObject({ kiosks: [{ journal: { missing: [] } }] });
  });

  test('of more gaps than a hundred the first hundred are listed, and all are counted', async ({
    world,
    storeId,
    kiosk,
  }) => {
    const events = chain(kiosk, 241).filter(({ sequence }) => sequence % 2 === 1);
    await kiosk.push('accessEvents', events);
    const { body } = await world.admin('GET', `/stores/${storeId}/kiosks`);
    const shown = z.object({
      kiosks: z.tuple([z.object({ journal: z.object({ gaps: z.int(), missing: z.array(z.unknown()) }) })]),
    });
    const { journal } = shown.parse(body).kiosks[0];
    expect(journal.gaps).toBe(120);
    expect(journal.missing).toEqual(
      Array.from({ length: 100 }, (_, index) => ({ from: 2 * index + 2, to: 2 * index + 2 })),
    );
  });

  test('of another kiosk, or what is no event, is turned away row by row', async ({ kiosk }) => {
    const [good] = chain(kiosk, 1);
    const results = await kiosk.push('accessEvents', [
      { nonsense: 1 },
      eventOf(randomUUID(), 1, firstPreviousHash),
      good,
    ]);
    expect(results.map((each) => each.status)).toEqual(['invalid', 'invalid', 'accepted']);
  });

  test('pushed at the same time in pieces ends up whole', async ({ world, storeId, kiosk }) => {
    const events = chain(kiosk, 60);
    await Promise.all(
      [0, 10, 20, 30, 40, 50].map((from) => kiosk.push('accessEvents', events.slice(from, from + 10))),
    );
    expect(await health(world, storeId)).toMatchObject({
      kiosks: [{ journal: { events: 60, missing: [], forks: 0 } }],
    });
  });
});
