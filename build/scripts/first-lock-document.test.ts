import { expect, it } from 'vitest';
import { asSeen, asTouched, commandsOf, touchesOf } from './first-lock-document.ts';

const document = `# A page

Do \`not run\` this, nor **touch** that.

\`\`\`sh
echo one
echo 'two' &
\`\`\`

\`\`\`json
{ "no": "command" }
\`\`\`

\`\`\`sh
echo three
\`\`\`

1. Touch **Ada M.**, type \`582047\` and touch
   **Enter**.
2. Wait for _Ready. It can be opened._

And _nothing_ after it.
`;

it('has the commands of the shell’s blocks alone, in order', () => {
  expect(commandsOf(document)).toBe("echo one\necho 'two' &\necho three\n");
  expect(() => commandsOf('# Empty')).toThrow('no commands');
});

it('has what is touched, typed and seen, from the numbered list alone', () => {
  expect(touchesOf(document)).toEqual([
    { kind: 'touch', words: 'Ada M.' },
    { kind: 'type', words: '582047' },
    { kind: 'touch', words: 'Enter' },
    { kind: 'see', words: 'Ready. It can be opened.' },
  ]);
  expect(() => touchesOf('# Empty')).toThrow('no touches');
});

it('takes any number for the one that the document names, and nothing else for its words', () => {
  expect('Open 4 s').toMatch(asSeen('Open 5 s'));
  expect('Open').not.toMatch(asSeen('Open 5 s'));
  expect('Ready, sort of').not.toMatch(asSeen('Ready.'));
  expect('Ready. Almost').not.toMatch(asSeen('Ready.'));
});

it('touches what begins with the words', () => {
  expect('Ada M. Signed out').toMatch(asTouched('Ada M.'));
  expect('Ada Muster').not.toMatch(asTouched('Ada M.'));
  expect('Open Lock 1, here').toMatch(asTouched('Lock 1'));
  expect('Call Ada M.').not.toMatch(asTouched('Ada M.'));
});
