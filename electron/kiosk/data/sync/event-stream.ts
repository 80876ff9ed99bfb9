/** Reads server-sent events (WHATWG HTML, section 9.2) as far as the contract uses them: only the events' names matter. */
export interface EventReader {
  /** Takes the next bytes as text; answers with the names of the events that are complete now. */
  feed(chunk: string): readonly string[];
}

/** A line longer than this is not one of ours; it is dropped so that it can't fill the memory. */
const longestLine = 4096;

export const createEventReader = (): EventReader => {
  let rest = '';
  let name = '';
  let hasData = false;

  const take = (line: string): string | null => {
    if (line === '') {
      const complete = hasData ? name || 'message' : null;
      name = '';
      hasData = false;
      return complete;
    }
    if (line.startsWith('event:')) name = line.slice('event:'.length).trimStart();
    else if (line.startsWith('data')) hasData = true;
    return null;
  };

  return {
    feed: (chunk) => {
      const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
      rest = (lines.pop() ?? '').slice(0, longestLine);
      return lines.map(take).filter((event) => event !== null);
    },
  };
};
