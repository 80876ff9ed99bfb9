/** `npm run build`: every Vite target into `dist/`. */
import { runSteps, seconds } from './tasks.ts';

const targets = ['renderer', 'panel', 'main', 'preload', 'radio', 'browser-host', 'browser-host-kiosk'];
const steps = targets.map((target) => ({
  name: target,
  program: 'vite/bin/vite.js',
  args: ['build', '--mode', target, '--logLevel', 'warn'],
}));
const outcomes = await runSteps(steps, 1, (outcome) => {
  console.log(`${outcome.ok ? 'ok  ' : 'FAIL'} ${outcome.name}, ${seconds(outcome.ms)}`);
  if (!outcome.ok) console.log(outcome.output);
});
process.exitCode = outcomes.every((outcome) => outcome.ok) ? 0 : 1;
