/** What the routes of lists do, and how their files come in. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Result } from '#shared/errors/app-error.ts';
import type { RouteAnswer } from '#shared/http/define.ts';
import type { Row } from '#shared/lists/cells.ts';
import { writeCsv } from '#shared/lists/csv.ts';
import type { listRoutes } from '../admin/list-routes.ts';
import { listTypes } from '../admin/list-routes.ts';
import type { MissingParts } from '../admin/missing.ts';
import type { NoteAct } from '../admin/operator-journal.ts';
import type { LockList } from '../lists/lock-list.ts';
import type { ListOptions, PeopleList } from '../lists/people-list.ts';
import { createListReader, type ListFile } from '../lists/read-file.ts';
import type { Report } from '../lists/report.ts';
import { writeWorkbook } from '../lists/workbook.ts';
import { appError } from '../platform/app-error.ts';
import { HttpFailure } from './failures.ts';
import { sent, type RouteRequest, type Handlers } from './mount.ts';
import type { OperatorCalls } from './operator-calls.ts';

export interface ListServices {
  readonly peopleList: PeopleList;
  readonly lockList: LockList;
  readonly missing: MissingParts;
}

type Taken = RouteAnswer<typeof listRoutes.takeStaffList>;
type Take = (storeId: string, rows: readonly Row[], options: ListOptions) => Promise<Result<Report>>;
type Given = Pick<
  RouteRequest<typeof listRoutes.takeStaffList>,
  'params' | 'query' | 'body' | 'request' | 'reply'
>;
type Wanted = Pick<RouteRequest<typeof listRoutes.staffList>, 'params' | 'query' | 'reply'>;

/** A file of either kind as what its handler takes, and nothing else. */
export const takeListFiles = (scope: FastifyInstance): void => {
  scope.removeAllContentTypeParsers();
  for (const as of ['csv', 'xlsx'] as const)
    scope.addContentTypeParser(listTypes[as], { parseAs: 'buffer' }, (_request, bytes, done) => {
      done(null, { as, bytes } satisfies { as: ListFile['as']; bytes: unknown });
    });
  scope.addContentTypeParser('*', (_request, _payload, done) => {
    done(new HttpFailure(400, appError('operator.bad_body', { problem: 'no_list' })));
  });
};

const noStore = (): HttpFailure => new HttpFailure(404, appError('operator.not_found', { what: 'store' }));

/** Answers what was wrong with it, where a list was to be taken and was not. */
const answered = (reply: FastifyReply, result: Result<Report>): Taken => {
  const refused = (answer: Exclude<Taken, Report>): Taken => {
    void reply.status(422);
    return answer;
  };
  if (!result.ok) {
    if (result.error.code === 'enrolment.not_found') throw noStore();
    return refused({ error: result.error });
  }
  const { value: report } = result;
  const [fault] = report.faults;
  if (report.dryRun || !fault) return report;
  const { line, column, words } = fault;
  const params = { count: report.counts.faults, line, column, problem: words };
  return refused({ error: appError('operator.bad_lines', params), report });
};

export const listHandlers = (
  { peopleList, lockList, missing }: ListServices,
  { act }: OperatorCalls,
): Handlers<typeof listRoutes> => {
  const readFile = createListReader();
  const take = async (
    name: 'staff_listed' | 'locks_listed',
    asked: Given,
    list: { readonly take: Take },
  ): Promise<Taken> => {
    const { request, params, query, body, reply } = asked;
    const dryRun = query.dryRun === 'true';
    const work = async (note: NoteAct): Promise<Taken> => {
      if (!(await missing.hasStore(params.storeId))) throw noStore();
      const rows = await readFile(body());
      return answered(reply, rows.ok ? await list.take(params.storeId, rows.value, { dryRun, note }) : rows);
    };
    // What changes nothing is no act.
    if (dryRun) return work(() => Promise.resolve());
    return act(request, name, params, work, (done) => ('error' in done ? done.error.code : 'done'));
  };
  const write = async (
    name: string,
    { params: { storeId }, query: { as, language }, reply }: Wanted,
    list: Pick<PeopleList, 'rows'>,
  ): Promise<typeof sent> => {
    if (!(await missing.hasStore(storeId))) throw noStore();
    const rows = await list.rows(storeId, language);
    const file = as === 'csv' ? Buffer.from(writeCsv(rows)) : Buffer.from(await writeWorkbook(name, rows));
    await reply
      .type(as === 'csv' ? `${listTypes.csv}; charset=utf-8` : listTypes.xlsx)
      .header('content-disposition', `attachment; filename="${name}.${as}"`)
      .send(file);
    return sent;
  };
  return {
    staffList: (asked) => write('people', asked, peopleList),
    takeStaffList: (asked) => take('staff_listed', asked, peopleList),
    lockList: (asked) => write('locks', asked, lockList),
    takeLockList: (asked) => take('locks_listed', asked, lockList),
  };
};
