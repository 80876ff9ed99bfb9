/** `npm run check`: every rule that a tool can hold. Exits 1 if one is broken. */
import { checkSteps } from './check-steps.ts';
import { runSteps, seconds } from './tasks.ts';

const outcomes = await runSteps(checkSteps, 2, (outcome) => {
  console.log(`${outcome.ok ? 'ok  ' : 'FAIL'} ${outcome.name}, ${seconds(outcome.ms)}`);
  if (!outcome.ok) console.log(outcome.output);
});
const failed = outcomes.filter((outcome) => !outcome.ok).length;
console.log(`${outcomes.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
