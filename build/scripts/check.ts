/** `npm run check`: every rule that a tool can hold. Exits 1 if one is broken. */
import { runChecks } from './check-steps.ts';
import { keepCompiled } from './keep-compiled.ts';

keepCompiled();
const outcomes = await runChecks((line) => console.log(line));
const failed = outcomes.filter((outcome) => !outcome.ok).length;
console.log(`${outcomes.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
