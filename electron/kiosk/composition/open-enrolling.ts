/** How locks become this store's: enrolled by hand, fetched anew by the kiosk itself, put in the place of another. */
import { createAutoProvisioner } from '../enrolment/auto-provisioner.ts';
import { createEnrolmentService, type EnrolmentService } from '../enrolment/enrolment-service.ts';
import { createProvisioner, type Provisioner } from '../enrolment/provisioner.ts';
import type { LockNames } from '../locks/lock-names.ts';
import { createLockReplacing, type LockReplacing } from '../locks/lock-replacing.ts';
import type { Judge } from '../staff/judge.ts';
import type { ReadinessWatch } from '../visit/kiosk-readiness.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { Nearby } from '../visit/nearby.ts';
import type { OperationSlot } from '../visit/operation-slot.ts';
import type { Visits } from '../visit/visit.ts';
import type { Bookkeeping } from './open-bookkeeping.ts';

export interface Enrolling {
  readonly enrolments: EnrolmentService;
  readonly replacing: LockReplacing;
  readonly provisioner: Provisioner;
}

interface EnrollingParts {
  readonly bookkeeping: Bookkeeping;
  readonly readinessWatch: ReadinessWatch;
  readonly nearby: Nearby;
  readonly slot: OperationSlot;
  readonly visits: Visits;
  readonly directory: LockDirectory;
  readonly names: LockNames;
  readonly judge: Judge;
}

export const openEnrolling = (parts: EnrollingParts): Enrolling => {
  const { readinessWatch, nearby, slot, visits, directory, names, judge } = parts;
  const { ports, ending, data, clock, vault, driver, journal } = parts.bookkeeping;
  const { random, logger } = ports;
  const enrolments = createEnrolmentService({
    driver,
    data,
    visits,
    journal,
    clock,
    random,
    kioskId: () => vault.identity?.kioskId ?? null,
  });
  ending.adopt('enrolments', enrolments);
  const replacing = createLockReplacing({ directory, names, enrolments, judge });
  const provisioner = createProvisioner({ driver, data, nearby, visits, journal, names, clock, random });
  const autoProvisioner = createAutoProvisioner({
    enrolments$: data.enrolments$,
    nearby$: nearby.nearby$,
    keySerials$: data.keySerials$,
    readiness$: readinessWatch.readiness$,
    provisioner,
    slot,
    clock,
    random,
    logger,
  });
  ending.adopt('auto provisioner', autoProvisioner);
  return { enrolments, replacing, provisioner };
};
