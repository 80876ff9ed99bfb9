/** Makes the sandbox misbehave, for the air panel and for tests. Nothing of this exists at the vendor. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Vendor } from '../live-lock/open-vendor.ts';
import { ApiError } from './api-format.ts';
import { faultModes, type Faults } from './faults.ts';
import type { Intermediates } from './intermediates.ts';
import { reissueKey } from './registration.ts';
import type { Registry } from './registry.ts';
import type { Revocations } from './revocations.ts';

const modeSchema = z.strictObject({ mode: z.enum(faultModes) });
const serialSchema = z.string().regex(/^[0-9a-f]{16}$/);
const revokeSchema = z.strictObject({
  owner: z.string().min(1),
  /** null: the owner's intermediates. */
  serialNumber: serialSchema.nullable(),
  minEpoch: z.int().min(1).max(1000),
});
const reissueSchema = z.strictObject({ serialNumber: serialSchema });
const lapseSchema = z.strictObject({ seconds: z.int().min(1).max(86_400) });

const parse = <T>(schema: z.ZodType<T>, body: unknown): T => {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new ApiError('malformed_request', z.prettifyError(parsed.error));
  return parsed.data;
};

export const controlRoutes = (
  scope: FastifyInstance,
  ports: {
    readonly vendor: Vendor;
    readonly clock: Clock;
    readonly registry: Registry;
    readonly faults: Faults;
    readonly intermediates: Intermediates;
    readonly revocations: Revocations;
  },
): void => {
  const { vendor, registry, clock, faults, intermediates, revocations } = ports;

  const state = async () => ({
    mode: faults.mode,
    /** Locks whose Key Certificate was revoked. */
    revoked: [
      ...new Set(
        (await vendor.owners()).flatMap((owner) =>
          registry.revocations(owner).flatMap(({ serialNumber }) => serialNumber ?? []),
        ),
      ),
    ],
    renewal: registry.renewalWithheld() ? ('withheld' as const) : ('on' as const),
    intermediates: (await vendor.owners()).flatMap((owner) => {
      const newest = registry.newestIntermediate(owner);
      if (!newest) return [];
      const { notBefore, notAfter, epoch } = newest;
      return [{ owner, notBefore, notAfter, epoch }];
    }),
    registrations: registry.serialNumbers().length,
  });

  scope.get('/control/state', state);
  scope.get('/control/registrations', () => ({ registrations: registry.serialNumbers() }));
  scope.post('/control/mode', (request) => {
    faults.mode = parse(modeSchema, request.body).mode;
    return state();
  });
  scope.post('/control/lapse', async (request) => {
    await intermediates.lapse(parse(lapseSchema, request.body).seconds);
    return state();
  });
  scope.post('/control/revoke', (request) => {
    revocations.revoke(parse(revokeSchema, request.body));
    return state();
  });
  scope.post('/control/reissue', async (request) => {
    await reissueKey({ vendor, registry, clock }, parse(reissueSchema, request.body).serialNumber);
    return state();
  });
  scope.post('/control/renew', async () => {
    await intermediates.renew();
    return state();
  });
};
