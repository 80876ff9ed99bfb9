/** Whether a change that one instance writes is heard by a kiosk whose stream is open at the other. */
import { tokenAnswerSchema } from '#shared/http/contract.ts';
import { heardOf } from '../bench/herd/listening.ts';
import { tokenRequest, type FleetKiosk } from '../bench/herd/fleet.ts';
import type { Site } from './site.ts';

const heardWithinMs = 5_000;
const policy = { offlineLeaseHours: 168, idleSignOutSeconds: 120, holdOpenSeconds: 5 };

const isHeard = async (at: string, kiosk: FleetKiosk, change: () => Promise<unknown>): Promise<boolean> => {
  const end = new AbortController();
  const timer = setTimeout(() => end.abort(), heardWithinMs);
  try {
    const headers = { 'content-type': 'application/json' };
    const asked = await fetch(`${at}/v1/token`, { method: 'POST', headers, body: tokenRequest(kiosk) });
    const { access_token: token } = tokenAnswerSchema.parse(await asked.json());
    const stream = await fetch(`${at}/v1/sync/stream`, {
      headers: { authorization: `Bearer ${token}` },
      signal: end.signal,
    });
    if (!stream.ok || !stream.body) return false;
    await change();
    for await (const piece of stream.body) if (heardOf(Buffer.from(piece).toString())) return true;
    return false;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    end.abort();
  }
};

/** The instances at which nothing is heard of what the other one writes. */
export const deafInstances = async ({ instances }: Site, kiosk: FleetKiosk): Promise<readonly string[]> => {
  const deaf: string[] = [];
  for (const [n, { url }] of instances.entries()) {
    const other = instances[(n + 1) % instances.length];
    const change = (): Promise<unknown> | undefined =>
      other?.admin.send('PUT', `/stores/${kiosk.storeId}`, { name: `Renamed ${Date.now()}`, policy });
    if (!(await isHeard(url, kiosk, async () => change()))) deaf.push(`instance ${n + 1} hears nothing`);
  }
  return deaf;
};
