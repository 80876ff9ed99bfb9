/** The document of all errors, made from what the program itself uses, so that the two can't differ. */
import { IntlMessageFormat } from 'intl-messageformat';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCodes, errorTable, type ErrorCode, type ErrorRow } from '#shared/errors/table.ts';
import { reasonGroup, reasonGroups } from '../../renderer/i18n/reason-words.ts';
import { projectRoot } from './tasks.ts';

const retryWords: Readonly<Record<ErrorRow['retry'], string>> = {
  never: 'trying again cannot help',
  backoff: 'the kiosk tries again by itself',
  user: 'a person acts, then it can help to try again',
};

const header = `# What can go wrong, and what the kiosk says about it

Made from \`shared/errors/table.ts\` and \`renderer/i18n/en.json\` with \`node build/scripts/errors-doc.ts\`; a test fails when
this file is out of step. The code is shown small beside the words, for support. ‹name› stands for a value.
`;

/** Values that make a sentence readable: numbers where the words depend on how many there are. */
const examples: Readonly<Record<string, string | number>> = { count: 3, attemptsLeft: 2 };

const example = (name: string): string | number => examples[name] ?? `‹${name}›`;

const entry = (code: ErrorCode, words: Readonly<Record<string, string>>): string => {
  const { retry, severity, params } = errorTable[code];
  const values = Object.fromEntries(params.map((name) => [name, example(name)]));
  const say = (part: string, reason: object = {}): string =>
    String(
      new IntlMessageFormat(words[`error.${code}.${part}`] ?? '', 'en-GB').format({ ...values, ...reason }),
    );
  const all = (reason?: object): string =>
    `**${say('title', reason)}** ${say('meaning', reason)} ${say('next', reason)}`;
  const known = Object.entries(reasonGroups)
    .filter(([of]) => of === code)
    .flatMap(([, groups]) => Object.keys(groups));
  const reasons = [...Map.groupBy(known, (reason) => reasonGroup(code, reason))].map(
    ([reason, alike]) => `- ${alike.map((one) => `\`${one}\``).join(', ')}:\n  ${all({ reason })}\n`,
  );
  return `### \`${code}\`

${all()}
${reasons.length > 0 ? `\nFor a reason that is known:\n\n${reasons.join('')}` : ''}
${severity}; ${retryWords[retry]}.${params.length > 0 ? ` Values: ${params.map((name) => `\`${name}\``).join(', ')}.` : ''}
`;
};

export const errorsDocument = (): string => {
  const file: unknown = JSON.parse(readFileSync(join(projectRoot, 'renderer/i18n/en.json'), 'utf8'));
  const words = z.record(z.string(), z.string()).parse(file);
  const areas = [...new Set(errorCodes.map((code) => code.split('.')[0] ?? ''))];
  const sections = areas.map((area) => {
    const codes = errorCodes.filter((code) => code.startsWith(`${area}.`));
    return `## ${area}\n\n${codes.map((code) => entry(code, words)).join('\n')}`;
  });
  return [header, ...sections].join('\n');
};
