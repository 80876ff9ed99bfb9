/** Asking the channel what there is. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { inTime } from '#shared/flow/in-time.ts';
import { readBody } from '#shared/http/read-body.ts';
import type { NoAnswer } from '#shared/models/no-answer.ts';
import type { Clock } from '../platform/clock.ts';
import type { Fetch } from '../platform/http.ts';
import { whyNoAnswer } from '../platform/why-no-answer.ts';
import { updateManifestName, mostManifestBytes, readManifest, type Manifest } from './manifest.ts';
import type { UpdateKey } from './proof.ts';

export interface ChannelPorts {
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, 'after'>;
  /** Its address, without a slash at the end. */
  readonly channel: string;
  readonly key: UpdateKey;
}

/** What a channel has given, and its bytes as they were signed. */
export interface Offer {
  readonly manifest: Manifest;
  readonly bytes: Uint8Array;
}

const withinMs = 30_000;

/**
 * Errors: `update.no_answer`, and what a manifest is refused for. `onSilence` is told why there was no answer, where that is known. Never
 * rejects for anything that a network can do.
 */
export const askChannel = async (
  { fetch, clock, channel, key }: ChannelPorts,
  signal: AbortSignal,
  onSilence: (why: NoAnswer | null) => void = () => undefined,
): Promise<Result<Offer>> => {
  const stopper = new AbortController();
  const get = async (): Promise<Uint8Array | null> => {
    const response = await fetch(`${channel}/${updateManifestName}`, { signal: stopper.signal });
    if (response.status !== 200) {
      onSilence(response.status === 407 ? 'proxy' : response.status < 400 ? 'portal' : 'unavailable');
      return null;
    }
    // One byte more than a manifest may have is enough to tell.
    return Buffer.concat(
      (await readBody(response.body, mostManifestBytes)) ?? [Buffer.alloc(mostManifestBytes + 1)],
    );
  };
  try {
    const bytes = await inTime({ timer: clock, ms: withinMs, signal }, get(), () => {
      onSilence('timeout');
      return null;
    });
    if (!bytes) return fail('update.no_answer');
    const read = readManifest(bytes, key);
    return read.ok ? ok({ manifest: read.value, bytes }) : read;
  } catch (error) {
    onSilence(whyNoAnswer(error));
    return fail('update.no_answer');
  } finally {
    stopper.abort();
  }
};
