import type { LogFields } from './logger.ts';

/**
 * What of a thrown value is fit for the log: its class and where it was thrown. Its message is left out, because messages
 * are made of values and a value can be a secret.
 */
export const describeThrown = (thrown: unknown): LogFields => {
  if (!(thrown instanceof Error)) return { thrown: typeof thrown };
  const { message, stack = '' } = thrown;
  // The stack begins with the message, which may have lines that look like places.
  const afterMessage = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const frames = afterMessage.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    thrown: thrown.name,
    at: frames
      .slice(0, 6)
      .map((frame) => frame.trim().slice(3))
      .join(' < '),
  };
};
