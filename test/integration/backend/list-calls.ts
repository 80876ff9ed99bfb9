/** Lists as an operator's tools send and get them. */
import { reportSchema, type Report } from '#backend/lists/report.ts';
import { listTypes } from '#backend/admin/list-routes.ts';
import { fetchAsDescribed } from './held-to-contract.ts';
import { adminToken, type World } from './world.ts';

export interface Sent {
  readonly status: number;
  readonly report: Report | null;
  readonly error: { readonly code: string; readonly params: Record<string, unknown> } | null;
}
type Kind = 'staff' | 'lock';

const headers = { authorization: `Bearer ${adminToken}` };

export const listCalls = (world: World, storeId: string) => {
  const url = (kind: Kind, query = ''): string =>
    `${world.backend.url}/v1/admin/stores/${storeId}/${kind}-list${query}`;
  const send = async (
    kind: Kind,
    body: string | Uint8Array,
    {
      dryRun = false,
      as = typeof body === 'string' ? 'csv' : 'xlsx',
      type = listTypes[as],
    }: { dryRun?: boolean; as?: 'csv' | 'xlsx'; type?: string } = {},
  ): Promise<Sent> => {
    const answer = await fetchAsDescribed(url(kind, dryRun ? '?dryRun=true' : ''), {
      method: 'POST',
      headers: { ...headers, 'content-type': type },
      body: Buffer.from(body),
    });
    const told = (await answer.json()) as { error?: Sent['error']; report?: unknown };
    const report = told.error ? told.report : told;
    return {
      status: answer.status,
      error: told.error ?? null,
      report: report === undefined ? null : reportSchema.parse(report),
    };
  };
  const get = async (kind: Kind, query = ''): Promise<Uint8Array> =>
    new Uint8Array(await (await fetchAsDescribed(url(kind, query), { headers })).arrayBuffer());
  return {
    send,
    get,
    getText: async (kind: Kind, query = ''): Promise<string> =>
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(await get(kind, query)),
  };
};

/** What is wrong, as line, column, code and what it likely was. */
export const faultsOf = ({ report }: Sent): unknown[] =>
  report?.faults.map(({ line, column, code, likely }) => [line, column, code, likely]) ?? [];
