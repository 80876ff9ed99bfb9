/** Two kiosks, a back office and a network that takes its time: whose badges open, whatever comes in between. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBadgesOnBench, hashOf } from '#support/badge-bench.ts';
import { composeEvent, uuid } from '#support/documents.ts';
import { FakeData } from '#support/fake-data.ts';
import { ids, staffRow } from '#support/kiosk-rows.ts';
import { activeOf, blockBadgesOf, giveBadgeTo, type BadgeHolder } from '#shared/badges/change-badges.ts';
import { ok } from '#shared/errors/app-error.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { JournalEntry } from '../journal/journal-entry.ts';

const people = [ids.ann, ids.bob];
const numbers = ['10001'];
const by = { staffId: ids.bob, method: 'pin' } as const;
const rows = people.map((staffId) => staffRow(staffId, staffId, '4711'));

/** Applies what it hears as the backend does; by the same clock as the kiosks. */
const createBackOffice = () => {
  let all: BadgeHolder[] = people.map((staffId) => ({ staffId, badges: [], blockedAt: null }));
  const heard = new Set<string>();
  const put = (staffId: string, to: (one: BadgeHolder) => BadgeHolder): void => {
    all = all.map((one) => (one.staffId === staffId ? to(one) : one));
  };
  const give = (staffId: string, hash: string, at: number): void => {
    const { badges } = giveBadgeTo(all, staffId, hash, at);
    if (badges) put(staffId, (one) => ({ ...one, badges }));
  };
  return {
    give,
    block: (staffId: string, at: number) =>
      put(staffId, (one) => blockBadgesOf(one, { at, hashes: [], all: true })),
    hear: ({ eventId, kind, staffId, badges = [], allBadges, at }: AccessEvent): void => {
      if (heard.has(eventId) || staffId === null) return;
      heard.add(eventId);
      if (kind === 'badge_assigned') for (const hash of badges) give(staffId, hash, at);
      else put(staffId, (one) => blockBadgesOf(one, { at, hashes: badges, all: allBadges === true }));
    },
    documents: () =>
      rows.map((row) => ({
        ...row,
        badges: [...(all.find(({ staffId }) => staffId === row.staffId)?.badges ?? [])],
      })),
    active: () => all.map(({ badges }) => activeOf(badges).sort()),
  };
};
type BackOffice = ReturnType<typeof createBackOffice>;

const createKiosk = (office: BackOffice, now: () => number, first: number) => {
  const data = new FakeData();
  data.staff$.next(office.documents());
  const recordNow = (entry: JournalEntry) =>
    data.appendAccessEvent((sequence, previousHash) => ({
      ...composeEvent(uuid(first + sequence), now())(sequence, previousHash),
      kind: entry.kind,
      staffId: entry.staffId ?? null,
      badges: [...(entry.badges ?? [])],
      ...(entry.allBadges ? { allBadges: true as const } : {}),
    }));
  const start = () => createBadgesOnBench(data, { recordNow });
  let badges = start();
  let [sent, acknowledged, told] = [0, 0, 0];
  let pull: { readonly speaksOf: number; isPaged: boolean } | null = null;
  const isActive = (staffId: string, hash: string): boolean => badges.isActive(staffId, hash);
  const kiosk = {
    data,
    /** The last of its events that the back office had heard of when it told what is pulled here. */
    told: () => told,
    isActive,
    view: () =>
      people.map((staffId) =>
        numbers
          .map(hashOf)
          .filter((hash) => isActive(staffId, hash))
          .sort(),
      ),
    give: (staffId: string, number: string) => badges.assign(staffId, number, by),
    block: (staffId: string) => badges.block(staffId, by),
    push: () => {
      for (const event of data.events) office.hear(event);
      sent = data.journalSequence;
    },
    acknowledge: () => {
      acknowledged = sent;
    },
    begin: () => {
      pull ??= { speaksOf: acknowledged, isPaged: false };
    },
    page: () => {
      if (!pull || pull.isPaged) return;
      data.staff$.next(office.documents());
      pull.isPaged = true;
      told = sent;
    },
    end: async () => {
      if (!pull) return;
      kiosk.page();
      data.settled$.next(Math.max(data.settled$.value, pull.speaksOf));
      pull = null;
      // Dropping what is settled comes after what came before it.
      await badges.list(ids.ann);
      await new Promise(setImmediate);
    },
    restart: async () => {
      badges.dispose();
      badges = start();
      pull = null;
      await badges.list(ids.ann);
    },
  };
  return kiosk;
};

/** Also some at once, so that the long ways come often enough. */
const ofTheNetwork = [
  ['push'],
  ['acknowledge'],
  ['push', 'acknowledge'],
  ['begin'],
  ['page'],
  ['begin', 'page'],
  ['end'],
  ['begin', 'end'],
] as const;
const kiosk = fc.constantFrom(0, 1);
const person = fc.constantFrom(...people);
const number = fc.constantFrom(...numbers);
const step = fc.oneof(
  fc.record({ do: fc.constant('give' as const), kiosk, person, number }),
  fc.record({ do: fc.constant('block' as const), kiosk, person }),
  fc.record({ do: fc.constantFrom(...ofTheNetwork), kiosk }),
  fc.record({ do: fc.constantFrom(...ofTheNetwork), kiosk }),
  fc.record({ do: fc.constant('restart' as const), kiosk }),
  fc.record({ do: fc.constant('office gives' as const), person, number }),
  fc.record({ do: fc.constant('office blocks' as const), person }),
);

test('what was blocked last opens nowhere where that is known, a restart changes nothing, and in the end all agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
      let time = 1_000;
      const office = createBackOffice();
      const kiosks = [createKiosk(office, () => time, 1_000), createKiosk(office, () => time, 2_000)];
      /** What a kiosk has blocked and not given since, each with its event: closed at least until the back office tells of that. */
      const closed = kiosks.map(() => new Map<string, number>());
      for (const one of steps) {
        time += 1;
        if (one.do === 'office gives') office.give(one.person, hashOf(one.number), time);
        else if (one.do === 'office blocks') office.block(one.person, time);
        else {
          const at = one.kiosk;
          const here = kiosks[at]!;
          if (one.do === 'give') {
            const given = await here.give(one.person, one.number);
            if (given.ok) closed[at]!.delete(`${one.person} ${hashOf(one.number)}`);
          } else if (one.do === 'block') {
            const had = numbers.map(hashOf).filter((hash) => here.isActive(one.person, hash));
            expect(await here.block(one.person)).toEqual(ok(null));
            for (const hash of had) closed[at]!.set(`${one.person} ${hash}`, here.data.journalSequence);
          } else if (one.do === 'restart') {
            const before = here.view();
            await here.restart();
            expect(here.view()).toEqual(before);
          } else for (const each of one.do) await here[each]();
        }
        for (const [at, here] of kiosks.entries())
          for (const [key, sequence] of closed[at]!) {
            if (here.told() >= sequence) continue;
            const [staffId = '', hash = ''] = key.split(' ');
            expect(here.isActive(staffId, hash)).toBe(false);
          }
      }
      for (const here of kiosks) here.push();
      for (const here of kiosks) {
        await here.end();
        here.acknowledge();
        here.begin();
        await here.end();
        expect(here.view()).toEqual(office.active());
      }
    }),
    { numRuns: 400 },
  );
});
