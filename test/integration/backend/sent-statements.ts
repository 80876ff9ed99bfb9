/** What an instance sends to its servers, to see of whom each statement speaks. */
import pg from 'pg';
import { vi } from 'vitest';
import { z } from 'zod';
import type { StoreKey } from '#backend/store/store-key.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Of what a statement speaks: all tables whose rows belong to a tenant. */
const tables = /\b(?:from|into|update|join)\s+"?([a-z_]+)"?/gi;
const isOfTables = ({ text }: Statement): boolean =>
  [...text.matchAll(tables)].some(
    ([, name = '']) => !['unnest', 'here_only', 'asked', 'locked'].includes(name),
  );

const methodSchema = z.object({ value: z.custom<(...args: unknown[]) => unknown>() });
const sentSchema = z.tuple([z.string(), z.array(z.unknown())]);
/** All that instances, which run in this process, send from now on; until `vi.restoreAllMocks()`. */
export const listenIn = (): Statement[] => {
  const sent: Statement[] = [];
  const { value: query } = methodSchema.parse(Object.getOwnPropertyDescriptor(pg.Client.prototype, 'query'));
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const parsed = sentSchema.safeParse(args.slice(0, 2));
    if (parsed.success)
      sent.push({ text: parsed.data[0].replaceAll(/\s+/g, ' ').trim(), values: parsed.data[1] });
    return Reflect.apply(query, this, args);
  });
  return sent;
};

const names = ({ text, values }: Statement, column: string, value: string): boolean =>
  text.includes(column) && values.flat(2).includes(value);

export const namesStore = (statement: Statement, { tenantId, storeId }: StoreKey): boolean =>
  names(statement, 'tenant_id', tenantId) && names(statement, 'store_id', storeId);

/** Those that speak of this tenant's rows. */
export const ofTenant = (sent: readonly Statement[], tenantId: string): readonly Statement[] =>
  sent.filter(isOfTables).filter(({ values }) => values.flat(2).includes(tenantId));
