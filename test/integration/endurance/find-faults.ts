/**
 * Holds what is there against what was acknowledged. Nothing lost: what a page was told is on the backend, the kiosks and
 * the locks. Nothing twice: one enrolment, one registration and one key per lock, one access event per deed. Every journal
 * is one chain. An answer that a killed kiosk never gave leaves two possibilities, and both are right.
 */
import { createHash } from 'node:crypto';
import { firstPreviousHash, journalHashInput } from '#shared/models/journal-hash.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import type { Ledger } from './ledger.ts';
import type { LockOnShelf } from './store-of-locks.ts';
import type { BackendContent, KioskContent } from './what-is-held.ts';

export interface Evidence {
  readonly ledger: Ledger;
  readonly locks: ReadonlyMap<string, LockOnShelf>;
  /** Serial number to Key Certificate (base64), as the vendor registered it; each once. */
  readonly registered: ReadonlyMap<string, string>;
  readonly backend: BackendContent;
  /** By the kiosk's name. */
  readonly kiosks: ReadonlyMap<string, KioskContent>;
}

/** Each fault in one line; empty when all agree. */
export const findFaults = (evidence: Evidence): string[] => [
  ...enrolmentFaults(evidence),
  ...vendorFaults(evidence),
  ...journalFaults(evidence),
  ...deedFaults(evidence),
  ...[...evidence.kiosks].flatMap(([name, kiosk]) => differences(name, kiosk, evidence.backend)),
];

const holdsSerial = new Set(['submitted', 'registered', 'provisioned', 'uncertain']);

const enrolmentFaults = ({ ledger, backend, locks }: Evidence): string[] => {
  const faults: string[] = [];
  const byId = new Map(backend.enrolments.map((enrolment) => [enrolment.enrolmentId, enrolment]));
  for (const [id, { serialNumber }] of ledger.captures) {
    if (byId.get(id)?.serialNumber !== serialNumber) faults.push(`capture lost: ${id} of ${serialNumber}`);
  }
  /** A backup can hold an enrolment of the same lock that had ended since: then that one has the lock, and it is no less enrolled. */
  const isTakenOver = (id: string): boolean => {
    const serialNumber = byId.get(id)?.serialNumber;
    return (
      ledger.restores > 0 &&
      backend.enrolments.some((each) => each.serialNumber === serialNumber && each.state === 'provisioned')
    );
  };
  for (const id of ledger.shownProvisioned) {
    const state = byId.get(id)?.state;
    if (state !== 'provisioned' && !isTakenOver(id))
      faults.push(`shown as provisioned, is ${state ?? 'gone'}: ${id}`);
  }
  const holders = new Map<string, string>();
  for (const { enrolmentId, serialNumber, state } of backend.enrolments) {
    if (state === 'captured' || state === 'submitted') faults.push(`still ${state}: ${enrolmentId}`);
    if (!holdsSerial.has(state)) continue;
    if (holders.has(serialNumber)) faults.push(`enrolled twice: ${serialNumber}`);
    holders.set(serialNumber, enrolmentId);
    if (backend.claims.get(serialNumber) !== enrolmentId) {
      faults.push(`enrolled without holding the serial number: ${serialNumber}`);
    }
    const isBound = (locks.get(serialNumber)?.boundTo ?? null) !== null;
    if (state === 'registered') faults.push(`registered and never provisioned: ${enrolmentId}`);
    if (state === 'provisioned' && !isBound) faults.push(`provisioned without its lock: ${enrolmentId}`);
  }
  for (const [serialNumber, enrolmentId] of backend.claims) {
    if (holders.get(serialNumber) !== enrolmentId)
      faults.push(`serial number held by no one: ${serialNumber}`);
  }
  return faults;
};

/**
 * What a revoked kiosk hands in to a restored backend waits as refused, and may be given up. Where the vendor had registered its
 * lock before the restore, the next capture of it finds that out, and waits for an operator.
 */
const leftAtVendor = ({ ledger, backend, kiosks }: Evidence): ReadonlySet<string> => {
  const present = new Set([...kiosks.values()].map(({ kioskId }) => kioskId));
  const given = backend.enrolments.filter(
    ({ state, kioskId }) => ledger.restores > 0 && state === 'abandoned' && !present.has(kioskId),
  );
  return new Set(given.map(({ serialNumber }) => serialNumber));
};

const vendorFaults = (evidence: Evidence): string[] => {
  const { backend, registered, locks } = evidence;
  const faults: string[] = [];
  const enrolled = backend.enrolments
    .filter(({ state }) => state === 'registered' || state === 'provisioned')
    .map(({ serialNumber }) => serialNumber)
    .sort();
  const want = enrolled.join();
  const left = leftAtVendor(evidence);
  const counted = [...registered.keys()].filter((each) => enrolled.includes(each) || !left.has(each));
  if (counted.sort().join() !== want) faults.push('the vendor has registered other locks');
  if (backend.keySerials.join() !== want) faults.push('there are Key Certificates of other locks');
  if (backend.lockSerials.join() !== want) faults.push('the store has other locks');
  for (const { serialNumber, boundTo } of locks.values()) {
    if (boundTo !== null && registered.get(serialNumber) !== boundTo) {
      faults.push(`bound to another key: ${serialNumber}`);
    }
  }
  return faults;
};

const journalFaults = ({ backend, kiosks }: Evidence): string[] => {
  const faults: string[] = [];
  for (const { verdict, event } of backend.events) {
    if (verdict !== 'chained') faults.push(`journal ${verdict} at ${event.sequence} of ${event.kioskId}`);
  }
  for (const [name, { events, kioskId: present }] of kiosks) {
    faults.push(...chainFaults(name, events));
    // What it recorded under an identity that was revoked is gone from it, and counted with the deeds.
    const there = backend.events.map(({ event }) => event).filter(({ kioskId }) => kioskId === present);
    const hashes = (list: readonly AccessEvent[]): string => list.map(({ hash }) => hash).join();
    if (hashes(there) !== hashes(events)) {
      faults.push(`journal of ${name}: ${events.length} events on the kiosk, ${there.length} on the backend`);
    }
  }
  return faults;
};

const chainFaults = (name: string, events: readonly AccessEvent[]): string[] => {
  let previousHash = firstPreviousHash;
  for (const [index, { hash, ...rest }] of events.entries()) {
    const isNext = rest.sequence === index + 1 && rest.previousHash === previousHash;
    if (!isNext || createHash('sha256').update(journalHashInput(rest)).digest('hex') !== hash) {
      return [`the chain of ${name} breaks at ${rest.sequence}`];
    }
    previousHash = hash;
  }
  return [];
};

type Counts = Map<string, number>;
const add = (counts: Counts, key: string): unknown => counts.set(key, (counts.get(key) ?? 0) + 1);

/** Each deed has its event, and each event its deed. */
const deedFaults = ({ ledger, locks, backend }: Evidence): string[] => {
  const faults: string[] = [];
  const counts = new Map<AccessEvent['kind'], Counts>();
  const attempts = new Set<string>();
  for (const { event } of backend.events) {
    const name = backend.kioskNames.get(event.kioskId) ?? '';
    const key = event.kind === 'signed_in' ? name : `${name} ${event.serialNumber ?? ''}`;
    const ofKind = counts.get(event.kind) ?? new Map<string, number>();
    counts.set(event.kind, ofKind);
    add(ofKind, key);
    if (event.attemptId !== null && attempts.has(event.attemptId))
      faults.push(`attempt recorded twice: ${key}`);
    if (event.attemptId !== null) attempts.add(event.attemptId);
  }
  const count = (kind: AccessEvent['kind'], key: string): number => counts.get(kind)?.get(key) ?? 0;
  const within = (what: string, least: number, found: number, most: number): void => {
    if (found < least || found > most) faults.push(`${what}: ${found} events for ${least} to ${most} deeds`);
  };

  for (const [name, { asked, done }] of ledger.signIns) {
    within(`sign-ins at ${name}`, done, count('signed_in', name), asked);
  }
  const captured = new Map<string, number>();
  for (const { serialNumber, kiosk } of ledger.captures.values()) add(captured, `${kiosk} ${serialNumber}`);
  for (const [key, asked] of ledger.capturesAsked) {
    within(`captures ${key}`, captured.get(key) ?? 0, count('enrolment_captured', key), asked);
  }
  const openedSomewhere = new Set(ledger.unlocks.keys());
  for (const { serialNumber, openings } of locks.values()) {
    for (const name of openings.keys()) openedSomewhere.add(`${name} ${serialNumber}`);
  }
  for (const key of openedSomewhere) {
    const [name = '', serialNumber = ''] = key.split(' ');
    const tally = ledger.unlocks.get(key) ?? { asked: 0, open: 0, notOpen: 0, unknown: 0 };
    const openings = locks.get(serialNumber)?.openings.get(name) ?? 0;
    const unlocked = count('unlocked', key);
    const unknown = count('unlock_unknown', key);
    const refused = count('not_unlocked', key);
    within(`openings ${key}`, tally.open, unlocked, openings);
    within(`openings ${key}, known or not`, openings, unlocked + unknown, tally.asked);
    within(`unknown ends ${key}`, tally.unknown, unknown, tally.asked);
    within(`refusals ${key}`, tally.notOpen, refused, tally.asked);
    within(`attempts ${key}`, tally.open + tally.notOpen + tally.unknown, attemptsOf(key), tally.asked);
  }
  return faults;

  function attemptsOf(key: string): number {
    return count('unlocked', key) + count('unlock_unknown', key) + count('not_unlocked', key);
  }
};

const canonical = (enrolments: readonly EnrolmentDocument[]): Map<string, string> =>
  new Map(
    enrolments.map((enrolment) => [
      enrolment.enrolmentId,
      JSON.stringify(Object.entries(enrolment).sort(([a], [b]) => (a < b ? -1 : 1))),
    ]),
  );

const differences = (name: string, kiosk: KioskContent, backend: BackendContent): string[] => {
  const faults: string[] = [];
  const [here, there] = [canonical(kiosk.enrolments), canonical(backend.enrolments)];
  for (const id of new Set([...here.keys(), ...there.keys()])) {
    if (here.get(id) === there.get(id)) continue;
    faults.push(
      `enrolment ${id}: ${name} has ${here.get(id) ?? 'none'}, the backend ${there.get(id) ?? 'none'}`,
    );
  }
  for (const what of ['lockSerials', 'keySerials', 'trustIds'] as const) {
    if (kiosk[what].join() !== backend[what].join()) faults.push(`${name} differs in ${what}`);
  }
  if (kiosk.unsent > 0) faults.push(`${name} has something that was not sent`);
  return faults;
};
