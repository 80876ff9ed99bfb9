/**
 * What a JSON text says otherwise to one reader than to another: a member that stands twice in one object, of which some take the first
 * and some the last; one that a language takes for something of its own; a number that comes out as another.
 */

const deepest = 64;
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\],:]/gs;

/** `text`: valid JSON. The first such thing, in words; null: there is none. */
export const oddText = (text: string): string | null => {
  /** Of each object that is open, the names of its members so far; null of an array. */
  const open: (Set<string> | null)[] = [];
  let isName = false;
  for (const [part] of text.matchAll(token)) {
    const members = open.at(-1) ?? null;
    if (part === '{' || part === '[') {
      if (open.push(part === '{' ? new Set() : null) > deepest) return 'it is nested too deeply';
      isName = part === '{';
    } else if (part === '}' || part === ']') {
      open.pop();
      isName = false;
    } else if (part === ',') isName = members !== null;
    else if (part === ':') isName = false;
    else if (part.startsWith('"')) {
      if (!isName || !members) continue;
      const name = String(JSON.parse(part));
      if (name === '__proto__') return 'it holds a member that no journal has: __proto__';
      if (members.has(name)) return `a member stands twice in one object: ${name}`;
      members.add(name);
    } else if (JSON.stringify(Number(part)) !== part)
      return `it holds a number that is read as another: ${part}`;
  }
  return null;
};
