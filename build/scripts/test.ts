/**
 * `npm test [-- NAME …]`: check, then unit, contract, integration and end-to-end tests; ends with what failed, and one line for the whole.
 * With names ("check", "unit", "contract", "integration", "e2e") it runs only those.
 */
import { availableParallelism } from 'node:os';
import { buildPages } from './build-pages.ts';
import { readCommandLine } from './command-line.ts';
import { runChecks } from './check-steps.ts';
import { keepCompiled } from './keep-compiled.ts';
import { runVitest, type Tally } from './run-vitest.ts';
import { seconds } from './tasks.ts';

const kinds = ['check', 'unit', 'contract', 'integration', 'e2e'] as const;
type Kind = (typeof kinds)[number];
/** Test files at a time; a core each where nothing is said. Integration tests mostly wait, for a database and for time to pass. */
const filesAtATime: Partial<Record<Kind, number>> = { integration: availableParallelism() * 2 };
/** `beside`: others write to the same screen, so it says what it found only at its end, in one piece. */
const runCheck = async (beside: boolean): Promise<Tally> => {
  const lines: string[] = [];
  const outcomes = await runChecks((line) => (beside ? lines.push(line) : console.log(line)));
  if (beside) console.log(`\n\n== check\n${lines.join('\n')}`);
  const failures = outcomes.filter((outcome) => !outcome.ok).map(({ name }) => name);
  return { passed: outcomes.length - failures.length, failed: failures.length, failures };
};

const isKind = (name: string): name is Kind => kinds.some((kind) => kind === name);

const named = readCommandLine('test', (given) => {
  const unknown = given.filter((name) => !isKind(name));
  if (unknown.length > 0) throw new Error(`There are no such tests: ${unknown.join(', ')}`);
  return given;
});
const wanted: readonly Kind[] = named.length > 0 ? named.filter(isKind) : kinds;

keepCompiled();
const began = performance.now();
let total: Tally = { passed: 0, failed: 0, failures: [] };
const run = async (kind: Kind): Promise<void> => {
  const kindBegan = performance.now();
  const beside = kind === 'check' && wanted.length > 1;
  if (!beside) console.log(`\n== ${kind}`);
  const tally = kind === 'check' ? await runCheck(beside) : await runVitest(kind, filesAtATime[kind]);
  console.log(
    `== ${kind}: ${tally.passed} passed, ${tally.failed} failed, ${seconds(performance.now() - kindBegan)}`,
  );
  total = {
    passed: total.passed + tally.passed,
    failed: total.failed + tally.failed,
    failures: [...total.failures, ...tally.failures.map((failure) => `${kind}: ${failure}`)],
  };
};
if (wanted.includes('e2e')) await buildPages();
const runTests = async (): Promise<void> => {
  for (const kind of wanted) if (kind !== 'check') await run(kind);
};
// One tool of the check works twice as long as all others, on one core: tests take the other one meanwhile.
await Promise.all([wanted.includes('check') ? run('check') : null, runTests()]);
console.log(`\nAll of it took ${seconds(performance.now() - began)}.`);
if (total.failures.length > 0) console.log(`\nWhat failed:\n  ${total.failures.join('\n  ')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
