import { describe, expect, it } from 'vitest';
import { readSignatureReport } from './signature-report.ts';

/** As osslsigncode 2.5 says it of one signature. */
const signature = (index: number, serial: string, result: string, about = ''): string => `
Signature Index: ${index} ${index === 0 ? ' (Primary Signature)' : ''}
Message digest algorithm  : SHA256

Signer's certificate:
\tSigner #0:
\t\tSubject: /CN=publisher
\t\tIssuer : /CN=publisher
\t\tSerial : ${serial}
${about}
Timestamp Server Signature verification: ok
Signature verification: ${result}
`;
const primary = (result: string, about = ''): string => signature(0, '0F15', result, about);
const nested = (result: string): string => signature(1, '665A', result);

describe('what is said of signatures', () => {
  it('of one that holds is that, and whose it is', () => {
    expect(readSignatureReport(0, `${primary('ok')}\nSucceeded\n`)).toEqual({
      isSigned: true,
      holds: true,
      serial: '0F15',
      digest: 'SHA256',
    });
  });

  it('of what it was made over is not what its attributes say', () => {
    const about = '\tMessage digest algorithm: SHA256';
    const text = primary('ok', about).replace('algorithm  : SHA256', 'algorithm  : SHA1');
    expect(readSignatureReport(0, text).digest).toBe('SHA1');
  });

  it('of two that hold is what is said of the primary one', () => {
    expect(readSignatureReport(0, primary('ok') + nested('ok'))).toMatchObject({
      holds: true,
      serial: '0F15',
    });
  });

  it.each([
    ['the primary one does not hold', 0, primary('failed') + nested('ok')],
    ['a nested one does not hold', 0, primary('ok') + nested('failed')],
    ['one says nothing of whether it holds', 0, primary('ok') + nested('ok').replace(/^Signature v.*$/m, '')],
    ['its own words say first that it holds', 0, primary('failed', 'Signature verification: ok')],
    ['it ended with a failure', 1, primary('ok')],
    ['it was ended', null, primary('ok')],
  ])('is that the file is not to be trusted where %s', (_, status, text) => {
    expect(readSignatureReport(status, text)).toMatchObject({ isSigned: true, holds: false });
  });

  it.each(['No signature found\n\nFailed\n', 'MSI file has no signature\n\n', ''])(
    'of a file without one is that: %j',
    (text) =>
      expect(readSignatureReport(1, text)).toMatchObject({ isSigned: false, holds: false, serial: null }),
  );
});
