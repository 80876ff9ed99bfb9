/** What was thrown can be anything: what it is, and what of it a log may say. */

/** Its code, as Node, OpenSSL and PostgreSQL give one; '' where it has none. */
export const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : '';

/** The name of its class; of what is no error, its type. */
export const classOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.name : typeof thrown);

/** A code is a constant of whoever threw it; what does not look like one may be anything. */
const codeForm = /^\w{1,60}$/;

/**
 * What of a thrown value is fit for the log: its class, its code, and where it was thrown, as far as it says. Its message is left
 * out, because messages are made of values and a value can be a secret.
 */
export const describeThrown = (thrown: unknown): Readonly<Record<string, string>> => {
  const code = codeOf(thrown);
  return {
    thrown: classOf(thrown),
    ...(codeForm.test(code) ? { code } : {}),
    ...(thrown instanceof Error ? { at: placesOf(thrown) } : {}),
  };
};

const placesOf = ({ message, stack = '' }: Error): string => {
  // The stack begins with the message, which may have lines that look like places.
  const afterMessage = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const frames = afterMessage.split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, 6)
    .map((frame) => frame.trim().slice(3))
    .join(' < ');
};
