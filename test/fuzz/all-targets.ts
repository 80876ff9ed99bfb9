import { codecTargets } from './codec-targets.ts';
import { sessionTargets } from './session-targets.ts';
import type { FuzzTarget } from './target.ts';

export const allTargets: readonly FuzzTarget[] = [...codecTargets, ...sessionTargets];
