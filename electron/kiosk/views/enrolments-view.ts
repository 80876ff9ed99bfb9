import { combineLatest, map, type Observable } from 'rxjs';
import type { EnrolmentsView } from '#shared/ipc/enrolment-view.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { compareNames, type Language } from '#shared/models/language.ts';
import { isLive, offeredAction } from '../enrolment/enrolment-machine.ts';
import type { NearbyLocks } from '../visit/nearby.ts';
import type { StoreLocks } from '../visit/store-locks.ts';

/** More than anyone scrolls through; ended ones beyond it are at headquarters. Those that go on come before them. */
const mostShown = 500;

export interface EnrolmentsViewSources {
  readonly enrolments$: Observable<readonly EnrolmentDocument[]>;
  readonly nearby$: Observable<NearbyLocks>;
  readonly keySerials$: Observable<ReadonlySet<string>>;
  readonly storeLocks$: Observable<StoreLocks>;
  /** The store's. */
  readonly language$: Observable<Language>;
}

/** Newest first. */
export const enrolmentsView = (sources: EnrolmentsViewSources): Observable<EnrolmentsView> => {
  const { enrolments$, nearby$, keySerials$, storeLocks$, language$ } = sources;
  return combineLatest([enrolments$, nearby$, keySerials$, storeLocks$, language$]).pipe(
    map(([enrolments, nearby, keySerials, storeLocks, language]) => ({
      enrolments: [...enrolments]
        .sort((a, b) => Number(isLive(b)) - Number(isLive(a)) || newestFirst(a, b))
        .slice(0, mostShown)
        .sort(newestFirst)
        .map((enrolment) => {
          const { enrolmentId, serialNumber, name, group, state, problem } = enrolment;
          const { capturedAt, changedAt } = enrolment;
          const unproven = isLive(enrolment) && enrolment.proof === null;
          const near = nearby.has(serialNumber);
          const action = offeredAction(enrolment, { near, hasKey: keySerials.has(serialNumber) });
          return {
            enrolmentId,
            serialNumber,
            name,
            group,
            state,
            problem,
            unproven,
            ...(enrolment.replaces === undefined ? {} : { replaces: enrolment.replaces }),
            capturedAt,
            changedAt,
            near,
            action,
          };
        }),
      groups: groupsOf(language, [...enrolments, ...storeLocks.values()]),
    })),
  );
};

const newestFirst = (a: EnrolmentDocument, b: EnrolmentDocument): number =>
  b.capturedAt - a.capturedAt || (a.enrolmentId < b.enrolmentId ? -1 : 1);

const groupsOf = (language: Language, locks: readonly { readonly group: string }[]): string[] =>
  [...new Set(locks.map(({ group }) => group))]
    .filter((group) => group !== '')
    .sort((a, b) => compareNames(language, a, b));
