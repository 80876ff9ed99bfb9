/** The kiosk's configuration: its schema and how a broken one is reported. Where it is read from is the host's business. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { configProblem } from '#shared/errors/config-problem.ts';
import { valueProblem } from '#shared/errors/value-problem.ts';
import { nameSchema } from '#shared/models/primitives.ts';

/** https, or http on loopback. */
const addressSchema = z
  .url({ protocol: /^https?$/, abort: true })
  .refine((url) => {
    const { protocol, hostname } = new URL(url);
    return (
      protocol === 'https:' || hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]'
    );
  }, 'must be https, or http on loopback')
  .refine((url) => {
    const { username, password } = new URL(url);
    return username + password === '' && !/[?#]/.test(url);
  }, 'must hold nothing but an address: no account, no question mark, no fragment')
  .transform((url) => url.replace(/\/+$/, ''));

const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day, as 02:00');

/** Updates that the kiosk gets by itself; without it IT pushes them. */
const updatesSchema = z.strictObject({
  /** Where the manifest and the packages lie; https, or http on loopback. */
  channel: addressSchema,
  /** To which part of a chain this kiosk belongs when a version is rolled out. */
  ring: z.enum(['pilot', 'early', 'all']).default('all'),
  /** When one may be installed, by the clock on the store's wall. */
  window: z
    .strictObject({ from: timeOfDaySchema, to: timeOfDaySchema })
    .refine(({ from, to }) => from !== to, 'must not end when it begins')
    .default({ from: '02:00', to: '05:00' }),
});

export const kioskConfigSchema = z.strictObject({
  /** Base URL of the integrator's backend; https, or http on loopback. */
  backendUrl: addressSchema,
  /** Folder for the database, the wrapped keys and the identity. */
  dataDir: z
    .string()
    .min(1)
    .refine(isAbsolute, 'must be a whole path: where the kiosk is started from is not always the same'),
  kioskName: nameSchema.default('Kiosk'),
  /** A file with a passphrase, for systems that have no secret store; set by IT. */
  passphraseFile: z.string().min(1).optional(),
  /** One-time registration code with which an unregistered kiosk registers itself at start. */
  registrationCode: z.string().optional(),
  radio: z
    .strictObject({
      /** A controller that speaks HCI in H4 framing over TCP ("127.0.0.1:7000"); without it, the machine's own adapter. */
      h4: z
        .string()
        .regex(/^[\w.:[\]-]+:\d{1,5}$/, 'must be host:port')
        .refine((address) => Number(/\d+$/.exec(address)?.[0]) <= 65_535, 'its port must be from 1 to 65535')
        .optional(),
    })
    .default({}),
  updates: updatesSchema.optional(),
});
export type KioskConfig = z.output<typeof kioskConfigSchema>;

/** Since which version each setting is there: who looks after kiosks of several versions wants to know. */
export const settingSince: Readonly<Record<keyof KioskConfig, string>> = {
  backendUrl: '0.1',
  dataDir: '0.1',
  kioskName: '0.1',
  passphraseFile: '0.1',
  registrationCode: '0.1',
  radio: '0.1',
  updates: '0.3',
};

/** Parses what was read from `source`; throws `config.invalid` naming all that is missing, or the first thing that is wrong. */
export const parseKioskConfig = (value: unknown, source: string): KioskConfig => {
  const parsed = kioskConfigSchema.safeParse(value, { error: valueProblem });
  if (parsed.success) return parsed.data;
  throw new AppFailure('config.invalid', { source, ...configProblem(parsed.error, value) });
};
