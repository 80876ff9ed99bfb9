/** PINs that are guessed first. Refused where a PIN is set: the few tries before a lockout must not be enough. */

export const defaultShortestPin = 6;

/** How far back somebody's year can lie. */
const yearsBack = 120;

/**
 * What people choose again and again: the heads of the lists that were published of PINs and numeric passwords (of unlocking
 * codes in 2011, of leaked passwords in 2012, a study of six-digit PINs in 2020), chosen by hand as far as no rule below has
 * them, and the figures that the keys of a pad suggest: columns, corners, crosses.
 */
const commonest: ReadonlySet<string> = new Set(
  `0007 0420 0911 1004 1024 1379 1397 1590 1596 1597 2013 2580 0852 2582 2684 2846 3141 3571 3690 4200 4711 5150 5683 5201 6969 7410
   7007 8008 8520 9630 9713 9731
   12369 13579 24680 14789 15963 25800 42069 69420 73737 75391 78963 78965 98741
   112358 123654 123789 134679 135790 142536 145236 147258 147369 147852 147896 159357 159753 246810 258000 258147 258369 258456
   258963 314159 321654 321987 357159 357951 369147 369258 420420 456123 456852 520131 520520 741852 741963 753951 789123 789456
   852456 852963 951357 951753 963147 963258 963852 987321 987456 123455 123457 111112 111222 102030 100200 007007 100000 200000
   1472583 1478963 1593570 1234560 1234568 5201314 8675309
   12345679 12365478 12369874 13467928 13792846 14725836 14725800 14789632 14796325 15935700 15975346 25804560 27182818 31415926
   36925814 74108520 75315982 78945612 78963214 85296374 96385274 98765431 11223300 12312312 10203040 10002000 88888887`
    .split(/\s+/)
    .filter((pin) => pin !== ''),
);

const daysOf = (month: number): number => [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;

/** What the letters of a pattern stand for in the PIN; NaN for what it does not have. */
const numberAt = (pin: string, pattern: string, letter: string): number => {
  const digits = Array.from(pin)
    .filter((_digit, index) => pattern[index] === letter)
    .join('');
  return digits === '' ? NaN : Number(digits);
};

const datePatterns = [
  'DDMM',
  'MMDD',
  'YYYY',
  'DDMMYY',
  'MMDDYY',
  'YYMMDD',
  'YYDDMM',
  'MMYYYY',
  'YYYYMM',
  'DMMYYYY',
  'MDDYYYY',
  'DDMYYYY',
  'MMDYYYY',
  'YYYYMMD',
  'YYYYMDD',
  'DDMMYYYY',
  'MMDDYYYY',
  'YYYYMMDD',
  'YYYYDDMM',
] as const;

/** A date of these years, in the order in which anybody writes it; a year of two digits can be any. */
const isDate = (pin: string, thisYear: number): boolean =>
  datePatterns
    .filter((pattern) => pattern.length === pin.length)
    .some((pattern) => {
      const year = numberAt(pin, pattern, 'Y');
      const month = numberAt(pin, pattern, 'M');
      const day = numberAt(pin, pattern, 'D');
      const isYear = !pattern.includes('YYYY') || (year >= thisYear - yearsBack && year <= thisYear);
      const isMonth = !pattern.includes('M') || (month >= 1 && month <= 12);
      const isDay = !pattern.includes('D') || (day >= 1 && day <= daysOf(month));
      return isYear && isMonth && isDay;
    });

/** The same step from each digit to the next, past 9 to 0: 1234, 654321, 7890, 2468. */
const isRun = (pin: string): boolean => {
  const digits = Array.from(pin).map(Number);
  const steps = digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10);
  return new Set(steps).size === 1;
};

const rules: readonly {
  readonly problem: string;
  readonly fits: (pin: string, thisYear: number) => boolean;
}[] = [
  { problem: 'one digit repeated', fits: (pin) => /^(\d)\1*$/.test(pin) },
  { problem: 'a run of digits', fits: isRun },
  { problem: 'one part repeated', fits: (pin) => /^(\d{2,})\1+\d?$/.test(pin) },
  { problem: 'each digit twice', fits: (pin) => /^(?:(\d)\1)+$/.test(pin) },
  { problem: 'the same read backwards', fits: (pin) => Array.from(pin).reverse().join('') === pin },
  { problem: 'a date or a year', fits: isDate },
  { problem: 'one of those chosen most', fits: (pin) => commonest.has(pin) },
];

/** Why a PIN of digits is refused, to complete "it is …"; null where it may be set. `thisYear` is of the calendar. */
export const weaknessOf = (pin: string, shortest: number, thisYear: number): string | null => {
  if (pin.length < shortest) return `shorter than ${shortest} digits`;
  return rules.find(({ fits }) => fits(pin, thisYear))?.problem ?? null;
};

/** Whether one is typed for the other by a slip of one finger: another digit, one more or less, or two neighbours changed about. */
export const isLike = (a: string, b: string): boolean => {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const digits = Array.from(short);
  if (long.length - short.length > 1) return false;
  if (long.length > short.length)
    return Array.from(long).some((_digit, at) => long.slice(0, at) + long.slice(at + 1) === short);
  const other = digits.flatMap((digit, at) => (digit === long[at] ? [] : [at]));
  const [first = 0, second = 0] = other;
  if (other.length <= 1) return true;
  return (
    other.length === 2 &&
    second === first + 1 &&
    short[first] === long[second] &&
    short[second] === long[first]
  );
};
