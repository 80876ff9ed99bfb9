/** Tells when npm, which has started this script, is gone: whoever ends `npm start` by its pid wants an end of everything. */
import { readFileSync } from 'node:fs';

const lookEveryMs = 500;
/** npm, a shell, whatever picks the Node: more there never are between npm and a script. */
const mostGenerations = 6;

interface Ancestor {
  readonly pid: number;
  readonly name: string;
  readonly parent: number;
}

/** null where the system does not say it in `/proc`, or the process has gone. */
const lookUp = (pid: number): Ancestor | null => {
  try {
    // The name in brackets may hold anything; what follows it is fixed: the state, then the parent's number.
    const [, name = '', rest = ''] =
      /^\d+ \((.*)\) \S (.*)$/su.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return { pid, name, parent: Number(rest.split(' ')[0]) };
  } catch {
    return null;
  }
};

/** This process's parent, and those above it up to npm; the parent alone where npm is none of them. */
export const ancestorsToNpm = (
  parent: number,
  look: (pid: number) => Ancestor | null = lookUp,
): readonly number[] => {
  const pids: number[] = [];
  for (let pid = parent; pids.length < mostGenerations;) {
    const one = look(pid);
    if (one === null) break;
    pids.push(pid);
    if (one.name.startsWith('npm')) return pids;
    pid = one.parent;
  }
  return [parent];
};

/** Calls `tell` once, when one of them has ended. Keeps no process alive. */
export const onOrphaned = (tell: () => void): void => {
  const before = JSON.stringify(ancestorsToNpm(process.ppid));
  const timer = setInterval(() => {
    if (JSON.stringify(ancestorsToNpm(process.ppid)) === before) return;
    clearInterval(timer);
    tell();
  }, lookEveryMs);
  timer.unref();
};
