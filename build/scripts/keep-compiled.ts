/** What Node compiles stays for the processes that come after: a run of everything starts hundreds of the same program. */
import { join } from 'node:path';
import { projectRoot } from './tasks.ts';

/** For every process that this one starts. */
export const keepCompiled = (): void => {
  process.env.NODE_COMPILE_CACHE ??= join(projectRoot, 'node_modules/.cache/compiled');
};
