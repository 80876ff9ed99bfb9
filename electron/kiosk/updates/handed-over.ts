/** What is known of hand-overs and what became of them: which offer is a problem, and when it may be tried again. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { Offer } from './channel.ts';
import type { Remembered } from './memory.ts';
import { mostRefusals, passingRefusals, type InstallResult } from './result.ts';

/** A hand-over, and what the result before it was. */
export interface HandedOver {
  readonly at: number;
  readonly offer: Offer;
  readonly resultAt: number | null;
}

/** Shorter than from the end of one night to the beginning of the next, longer than any night. */
const nextNightMs = 20 * 60 * 60_000;
/** In which another program has done with the packages. */
const nextHourMs = 60 * 60_000;

/** Whether a result is about an offer: it names it, or has come after that was handed over, whatever version it names. */
const isAbout = (result: InstallResult, { manifest }: Offer, last: HandedOver | null): boolean => {
  if (result.version === manifest.version && result.issuedAt === manifest.issuedAt) return true;
  return last?.offer.manifest.issuedAt === manifest.issuedAt && result.at !== last.resultAt;
};

/** Whether this computer has refused a version so often that it waits for a new manifest. */
export const isGivenUp = (
  { version, issuedAt }: Pick<Offer['manifest'], 'version' | 'issuedAt'>,
  { refused }: Pick<Remembered, 'refused'>,
): boolean => refused?.version === version && refused.issuedAt === issuedAt && refused.times >= mostRefusals;

/** What is known against an offer, by all that was tried before. */
interface Tried {
  readonly result: InstallResult | null;
  readonly last: HandedOver | null;
  readonly remembered: Pick<Remembered, 'refused'>;
  /** The version that runs. */
  readonly installed: string;
}

/** Why an offer was not installed, or is not to be; null where nothing is known against it. */
export const offerProblem = (
  offer: Offer,
  { result, last, remembered, installed }: Tried,
): AppError | null => {
  const { version } = offer.manifest;
  if (isGivenUp(offer.manifest, remembered))
    return { code: 'update.given_up', params: { version, installed } };
  if (result?.outcome === 'went-back' && result.version === version)
    return { code: 'update.went_back', params: { version, installed } };
  if (result?.outcome === 'refused' && isAbout(result, offer, last))
    return { code: 'update.not_installed', params: { version, why: result.why } };
  return null;
};

/** Whether what is known against an offer may have passed: a person may have it tried at once. */
export const mayPass = ({ result }: Pick<Tried, 'result'>, problem: AppError): boolean =>
  problem.code === 'update.given_up' ||
  (problem.code === 'update.not_installed' &&
    result?.outcome === 'refused' &&
    passingRefusals.includes(result.why));

/**
 * Whether an offer against which something is known may be handed over now: the next night, where that may have passed; what is urgent after
 * an hour, where it was another program at the packages.
 */
export const mayTryAgain = (
  { manifest }: Offer,
  { result, last }: Tried,
  problem: AppError,
  now: number,
): boolean => {
  if (
    problem.code === 'update.given_up' ||
    result?.outcome !== 'refused' ||
    !passingRefusals.includes(result.why)
  )
    return false;
  // Of a start before, by the clock of what installs, which may have been wrong.
  const triedAt = last?.at ?? result.at;
  const pauseMs = manifest.urgent && result.why === 'busy' ? nextHourMs : nextNightMs;
  return triedAt > now ? last === null : now - triedAt >= pauseMs;
};
