import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readLabel } from './read-label.ts';

const serial = '0000051a00000105';

/** Each label as a scanner sends it. Add a row for a wrapper that was met. */
const wrapped: readonly (readonly [what: string, scan: string])[] = [
  ['as it is', '0000051a00000105'],
  ['in capitals', '0000051A00000105'],
  ['with spaces', '0000 051A 0000 0105'],
  ['with hyphens', '0000-051A-0000-0105'],
  ['with colons', '00:00:05:1a:00:00:01:05'],
  ['Code 128 with a symbology identifier', ']C00000051a00000105'],
  ['GS1-128 with a symbology identifier', ']C1210000051a00000105'],
  ['QR with a symbology identifier', ']Q30000051a00000105'],
  ['DataMatrix with a symbology identifier and FNC1', ']d2\u001d210000051a00000105'],
  ['an Aztec code with a symbology identifier', ']z00000051a00000105'],
  ['an Aztec code of GS1', ']z110LOT7\u001d210000051a00000105'],
  ['GS1, application identifier 21', '210000051a00000105'],
  ['GS1 in parentheses', '(21)0000051a00000105'],
  ['GS1 behind a GTIN', '0109506000134352210000051a00000105'],
  ['GS1 behind a GTIN, in parentheses', '(01)09506000134352(21)0000051a00000105'],
  ['GS1, another element behind it', '210000051a00000105\u001d10LOT7'],
  ['GS1 in parentheses, another element behind it', '(21)0000051a00000105(10)LOT7'],
  ['GS1 behind a lot', '10LOT7\u001d210000051a00000105'],
  ['GS1 behind a lot, in parentheses', '(10)LOT7(21)0000051a00000105'],
  ['GS1 behind a GTIN and a day of production', '010950600013435211260101210000051a00000105'],
  ['GS1 behind a GTIN, a lot and a weight', ']d2010950600013435210LOT7\u001d3103000365210000051a00000105'],
  ['Code 39 in lower case, by a reader that is set to upper case', '0000051+A00000105'],
  ['SN:', 'SN:0000051A00000105'],
  ['SN and a space', 'SN 0000051A00000105'],
  ['S/N:', 'S/N: 0000051a00000105'],
  ['S', 'S0000051a00000105'],
  ['Serial No.', 'Serial No. 0000051a00000105'],
  ['a web address', 'https://locks.example/serial/0000051a00000105'],
  ['a web address that ends in a slash', 'https://locks.example/0000051a00000105/'],
  ['a web address with a query', 'https://locks.example/l?sn=0000051a00000105&v=2'],
  ['GS1 behind a time of production in whole hours', '800826032912\u001d210000051a00000105'],
  [
    'GS1 Digital Link with a path before it',
    'https://locks.example/id/01/09506000134352/21/0000051a00000105?17=260331',
  ],
  ['GS1 Digital Link', 'https://id.example/01/09506000134352/21/0000051a00000105'],
];

test.each(wrapped)('%s', (_what, scan) => {
  expect(readLabel(scan)).toEqual({ kind: 'serial', serialNumber: serial });
});

test.each([
  ['a check digit that is not the right one', '0109506000134353'],
  ['another beginning', '0209506000134352'],
  ['a hexadecimal digit', '010950600013435a'],
])('sixteen digits with %s are a serial number', (_what, scan) => {
  expect(readLabel(scan)).toEqual({ kind: 'serial', serialNumber: scan });
});

test.each(['SN:0109506000134352', '(21)0109506000134352', 'https://locks.example/0109506000134352'])(
  'a label that says so is one, whatever its digits look like: %s',
  (scan) => {
    expect(readLabel(scan)).toEqual({ kind: 'serial', serialNumber: '0109506000134352' });
  },
);

describe('what is no label of a lock', () => {
  test.each([
    ['a digit too few', '0000051a0000010', { kind: 'unreadable', count: 15 }],
    ['a digit too many', '0000051a000001055', { kind: 'unreadable', count: 17 }],
    ['two labels in one', `${serial}${serial}`, { kind: 'unreadable', count: 32 }],
    ['a letter that is no hexadecimal digit', '0000051g00000105', { kind: 'unreadable', count: 16 }],
    ['an EAN-13', '4006381333931', { kind: 'product' }],
    ['an EAN-8', '96385074', { kind: 'product' }],
    ['a UPC-A', '036000291452', { kind: 'product' }],
    ['a UPC-E by a scanner that says so', ']E004252614', { kind: 'product' }],
    [
      'a UPC-E that is not said to be one: a badge’s number may look like it',
      '04252614',
      { kind: 'unreadable', count: 8 },
    ],
    ['an EAN-13 with five digits beside it', ']E3400638133393151234', { kind: 'product' }],
    [
      'a GTIN-14 with the symbology identifier of Interleaved 2 of 5',
      ']I110614141000415',
      { kind: 'product' },
    ],
    ['a GTIN-14', '10614141000415', { kind: 'product' }],
    ['a badge’s number that is as long', '00123456', { kind: 'unreadable', count: 8 }],
    ['a GTIN alone, from GS1 DataBar', ']e00109506000134352', { kind: 'product' }],
    ['a GTIN alone, from an Aztec code of GS1', ']z10109506000134352', { kind: 'product' }],
    ['a GTIN and a lot', ']C1010950600013435210LOT7', { kind: 'product' }],
    ['a GTIN behind FNC1', '\u001d0109506000134352', { kind: 'product' }],
    ['a lot alone', ']C110LOT7', { kind: 'unreadable', count: 6 }],
    ['an element that is cut off', '0109506000134352112601', { kind: 'unreadable', count: 22 }],
    ['a lot that has (21) in it', '10LOT7210000051a00000105', { kind: 'unreadable', count: 24 }],
    ['a GTIN alone, in parentheses', '(01)09506000134352', { kind: 'product' }],
    ['a GTIN alone, from GS1 DataBar that is not said to be GS1', '0109506000134352', { kind: 'product' }],
    ['the same with a symbology identifier of its own', ']C00109506000134352', { kind: 'product' }],
    ['the same in groups', '01 0950 6000 1343 52', { kind: 'product' }],
    ['nothing', '', { kind: 'unreadable', count: 0 }],
  ] as const)('%s', (_what, scan, label) => {
    expect(readLabel(scan)).toEqual(label);
  });

  it('whatever is scanned, a serial number is sixteen hexadecimal digits that were in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (scan) => {
        const label = readLabel(scan);
        if (label.kind !== 'serial') return;
        expect(label.serialNumber).toMatch(/^[0-9a-f]{16}$/);
        expect(scan.toLowerCase().replace(/[\s\-:._+]/g, '')).toContain(label.serialNumber);
      }),
    );
  });
});
