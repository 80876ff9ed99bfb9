/** What the page in the machine's browser says: `page-process.js EXPRESSION` works it out there and prints it. */
import { z } from 'zod';

const debugging = 'http://127.0.0.1:9222/json';
const targetsSchema = z.array(z.looseObject({ type: z.string(), webSocketDebuggerUrl: z.string() }));
const answerSchema = z.looseObject({
  result: z.looseObject({ result: z.looseObject({ value: z.unknown() }) }),
});

const [, , expression = ''] = process.argv;
const response = await fetch(debugging);
const page = targetsSchema.parse(await response.json()).find(({ type }) => type === 'page');
if (!page) throw new Error('there is no page');
const socket = new WebSocket(page.webSocketDebuggerUrl);
socket.onopen = () =>
  socket.send(
    JSON.stringify({
      id: 1,
      method: 'Runtime.evaluate',
      params: { expression, returnByValue: true, awaitPromise: true },
    }),
  );
socket.onmessage = ({ data }) => {
  process.stdout.write(
    `${JSON.stringify(answerSchema.parse(JSON.parse(String(data))).result.result.value)}\n`,
  );
  process.exit(0);
};
