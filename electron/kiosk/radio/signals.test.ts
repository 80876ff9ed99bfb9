import { expect, test } from 'vitest';
import { signalAnswer } from './signals.ts';

test.each([
  ['other connection parameters: rejected', '120708005000a00000009001', '130702000100'],
  ['a channel with credits: not understood', '14010a002500420017001700640000', '010102000000'],
  ['channels with credits: not understood', '170208002500400017000100', '010202000000'],
  ['an end of a channel that is none: not understood', '0603040041004000', '010302000000'],
  ['an answer: nothing', '130702000000', null],
  ['a refusal: nothing', '010702000000', null],
  ['credits: nothing', '1604040040000100', null],
  ['no identifier, which none may have: nothing', '12000800500000a000000090', null],
  ['too short: nothing', '1207', null],
])('a peer says %s', (_what, asked, answer) => {
  expect(signalAnswer(Buffer.from(asked, 'hex'))?.toString('hex') ?? null).toBe(answer);
});
