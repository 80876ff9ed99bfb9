/** All that the screens know: the core's streams, its clock, where the person is, and what they set. */
import { createContext } from 'svelte';
import type { Client } from '../ipc/client.ts';
import { createAlarmTone, type AlarmTone } from './alarm-tone.ts';
import { createCoreClock, type CoreClock } from './core-clock.svelte.ts';
import { createDrafts, type Draft } from './drafts.ts';
import { fromStream, type Held } from './from-stream.svelte.ts';
import type { Part } from './health-words.ts';
import { createGroupLeft, type GroupLeft } from './group-left.svelte.ts';
import { createOpenings, type Openings } from './openings.svelte.ts';
import { createComeBack } from './come-back.ts';
import { createPinLengths, type PinLengths } from './pin-lengths.ts';
import { createPreferences, type Preferences } from './preferences.svelte.ts';
import { createScans, type Scans } from './scans.svelte.ts';
import { createSeen, type Seen } from './seen.ts';
import { createSounds, type Sound } from './sounds.ts';
import { createSpeaking, type Speaking } from './speaking.svelte.ts';
import { createTested, type Tested } from './tested.svelte.ts';
import { createTicks, type Ticks } from './ticks.ts';
import type { StreamName, StreamSnapshot } from '#shared/ipc/contract.ts';
import type { Language } from '#shared/models/language.ts';
import type { Permission } from '#shared/rights/model.ts';

export type Place =
  /** `newToday`: of the locks only those that were added today. */
  | { readonly name: 'counter'; readonly newToday?: true }
  | { readonly name: 'new_locks' }
  | { readonly name: 'enrol'; readonly serialNumbers: readonly string[] }
  | { readonly name: 'queue' }
  | { readonly name: 'alarms' }
  | { readonly name: 'sweep' }
  | { readonly name: 'batteries' }
  | { readonly name: 'activity' }
  | { readonly name: 'badges' }
  | { readonly name: 'health'; readonly part: Part | null };

export type Kiosk = { readonly [N in Exclude<StreamName, 'kiosk'>]: Held<StreamSnapshot<N>> } & {
  readonly client: Client;
  readonly clock: CoreClock;
  readonly preferences: Preferences;
  readonly speaking: Speaking;
  readonly scans: Scans;
  readonly pinLengths: PinLengths;
  readonly seen: Seen;
  readonly tested: Tested;
  readonly alarmTone: AlarmTone;
  /** Of the closing check, and of the battery round. */
  readonly sweepTicks: Ticks;
  readonly batteryTicks: Ticks;
  /** What the signed-in person is opening. */
  readonly openings: Openings;
  /** What the person before was opening all at once when they were signed out. */
  readonly groupLeft: GroupLeft;
  readonly view: StreamSnapshot<'kiosk'> | null;
  /** False while the core cannot be reached; `lostAt` is since when, in the core's time. */
  readonly linked: boolean;
  readonly lostAt: number;
  /** What the signed-in person has begun to enrol. */
  readonly draft: Draft;
  /** Whether that person has begun to add locks, and not finished. */
  hasDraft(staffId: string): boolean;
  /** Whether anybody has. */
  hasDrafts(): boolean;
  readonly place: Place;
  /** The lock that the Counter is asked to show, once. */
  readonly wantedLock: string | null;
  showLock(serialNumber: string | null): void;
  /** Whether a PIN is being typed by whoever signs in. */
  typesPin: boolean;
  /** Of which lock a sheet is open: whom idleness signs out finds it again. */
  sheetShows(serialNumber: string | null): void;
  /** Whether the roles of whoever is signed in allow it at all: what they do not is not offered. */
  readonly may: (act: Permission) => boolean;
  /** Who was asked to open a lock in the place of whoever was signed in; null once somebody is, or nobody is asked any more. */
  readonly handedTo: string | null;
  /** Signs out, for that person to sign in and find this lock; null: they are not asked any more. */
  handOver(to: { readonly staffId: string; readonly serialNumber: string } | null): void;
  go(to: Place): void;
  play(sound: Sound): void;
  dispose(): void;
};

export const createKiosk = (client: Client, language: Language): Kiosk => {
  const clock = createCoreClock();
  const preferences = createPreferences();
  const speaking = createSpeaking(language);
  const locks = fromStream(client, 'locks');
  const alarms = fromStream(client, 'alarms');
  const newLocks = fromStream(client, 'newLocks');
  const attempt = fromStream(client, 'attempt');
  const group = fromStream(client, 'group');
  const enrolments = fromStream(client, 'enrolments');
  const health = fromStream(client, 'health');
  const play = createSounds(() => preferences.volume);
  const scans = createScans(play);
  const muted = $state({ until: null as number | null });
  const alarmTone = createAlarmTone(
    play,
    { now: () => clock.exact(), monotonic: () => performance.now() },
    muted,
  );
  const openings = createOpenings({ attempt, client, clock, locks, play });
  const groupLeft = createGroupLeft(group);
  let view = $state.raw<StreamSnapshot<'kiosk'> | null>(null);
  let linked = $state(false);
  let lostAt = $state(clock.exact());
  let place = $state.raw<Place>({ name: 'counter' });
  const drafts = createDrafts();
  const pinLengths = createPinLengths();
  const seen = createSeen();
  const tested = createTested(client);
  const sweepTicks = createTicks();
  const batteryTicks = createTicks();
  const stopTicks = client.subscribe('locks', ({ locks }) => {
    for (const { boltOpen, serialNumber } of locks) if (boltOpen === true) sweepTicks.opened(serialNumber);
  });
  let wantedLock = $state<string | null>(null);
  const comeBack = createComeBack<Place>();
  let handed = $state.raw<{ readonly staffId: string; readonly serialNumber: string } | null>(null);

  const stopView = client.subscribe('kiosk', (snapshot) => {
    clock.set(snapshot.now);
    speaking.meet(snapshot);
    preferences.meet(snapshot.session?.staffId ?? null);
    // Whoever signs in next begins where everyone begins.
    if (snapshot.session?.staffId !== view?.session?.staffId) {
      scans.clear();
      openings.clear();
      seen.forget();
      if (snapshot.session) groupLeft.close();
    }
    if (!view?.session && snapshot.session) {
      const { staffId } = snapshot.session;
      const left = comeBack.of(staffId);
      wantedLock = handed ? (handed.staffId === staffId ? handed.serialNumber : null) : left.lock;
      if (!handed && left.place) place = left.place;
      handed = null;
    }
    if (view?.session && snapshot.session?.staffId !== view.session.staffId) {
      if (snapshot.idledOut === view.session.staffId) comeBack.leave(snapshot.idledOut, place);
      place = { name: 'counter' };
    }
    view = snapshot;
  });
  const stopLink = client.onLink((to) => {
    if (!to && linked) lostAt = clock.exact();
    linked = to;
  });

  return {
    client,
    clock,
    preferences,
    speaking,
    scans,
    pinLengths,
    seen,
    tested,
    alarmTone,
    sweepTicks,
    batteryTicks,
    openings,
    groupLeft,
    locks,
    alarms,
    newLocks,
    attempt,
    group,
    enrolments,
    health,
    get view() {
      return view;
    },
    get linked() {
      return linked;
    },
    get lostAt() {
      return lostAt;
    },
    get place() {
      return place;
    },
    typesPin: false,
    hasDraft: (staffId) => drafts.has(staffId),
    hasDrafts: () => drafts.any(),
    get draft() {
      return drafts.of(view?.session?.staffId ?? '');
    },
    get wantedLock() {
      return wantedLock;
    },
    sheetShows: (serialNumber) => comeBack.sheetShows(serialNumber),
    showLock: (serialNumber) => {
      wantedLock = serialNumber;
      seen.goOn();
      if (serialNumber !== null) place = { name: 'counter' };
    },
    may: (act) => view?.session?.permissions.includes(act) ?? false,
    get handedTo() {
      return handed?.staffId ?? null;
    },
    handOver: (to) => {
      handed = to;
      if (to) void client.call('signOut', null);
    },
    go: (to) => {
      scans.clear();
      seen.goOn();
      comeBack.sheetShows(null);
      place = to;
    },
    play,
    dispose: () => {
      openings.dispose();
      stopView();
      stopLink();
      stopTicks();
      tested.dispose();
      for (const held of [locks, alarms, newLocks, attempt, group, enrolments, health]) held.dispose();
      clock.dispose();
      speaking.dispose();
      scans.dispose();
    },
  };
};

export const [useKiosk, provideKiosk] = createContext<Kiosk>();
