/** Processor time of processes: what a noisy machine changes little, where it doubles what a clock shows. Linux only; NaN elsewhere. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';

const ticksPerSecond = (): number => Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface Stat {
  readonly parent: number;
  /** Its own, and that of the children that have ended. */
  readonly ticks: number;
}

const statOf = (pid: string): Stat | null => {
  try {
    // After the name, which may hold anything: state, parent, …; fields as proc(5) numbers them.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (n: number): number => Number(fields[n - 3]);
    return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
  } catch {
    return null;
  }
};

/** Of a process and its children, in ms. */
export const processorMs = (pid: number): number => {
  if (process.platform !== 'linux') return Number.NaN;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const ticks = pids.reduce((sum, each) => {
    const stat = statOf(each);
    return stat && (Number(each) === pid || stat.parent === pid) ? sum + stat.ticks : sum;
  }, 0);
  return (ticks / ticksPerSecond()) * 1000;
};

/** The server process that all sessions of this database are children of. */
export const serverPidOf = async (databaseUrl: string): Promise<number> => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return statOf(String(rows[0]?.pid))?.parent ?? Number.NaN;
  } finally {
    await client.end();
  }
};
