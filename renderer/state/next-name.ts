/** The name after `name`: its last number raised by `step`, as people number hooks in a row; null when it has no number. */
export const nextName = (name: string, step = 1): string | null => {
  const found = /^(.*?)(\d{1,9})(\D*)$/u.exec(name.trim());
  if (!found) return null;
  const [, before = '', number = '', after = ''] = found;
  return `${before}${String(Number(number) + step).padStart(number.length, '0')}${after}`;
};

/** The names after `first`, one for each of `count` locks that come after it; null where it has no number to go on from. */
export const namesAfter = (first: string, count: number): readonly string[] | null => {
  const names = Array.from({ length: count }, (_, at) => nextName(first, at + 1) ?? '');
  return count > 0 && names.every((name) => name !== '') ? names : null;
};
