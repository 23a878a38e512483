import { describe, expect, it } from '@jest/globals';
import { newRecoveryCodes, recoveryCodeHash } from './recovery-codes.js';
import { acceptedStep, describeSecret, newSecret } from './totp.js';

/** RFC 6238, appendix B: the secret of the SHA-1 rows; codes are the last six of its eight digits. */
const RFC_SECRET = Buffer.from('12345678901234567890');
const at = (seconds: number) => new Date(seconds * 1000);

describe('a code of an authenticator', () => {
  it.each([
    [59, '287082', 1],
    [1_111_111_109, '081804', 37_037_036],
    [1_234_567_890, '005924', 41_152_263],
    [20_000_000_000, '353130', 666_666_666],
  ])('is that of RFC 6238 at %d s', (seconds, code, step) => {
    expect(acceptedStep(RFC_SECRET, code, at(seconds), 0)).toBe(step);
  });

  it('counts one step before and after its own, and no more', () => {
    const accepted = (step: number) => acceptedStep(RFC_SECRET, '081804', at(step * 30), 0);
    const own = 37_037_036;
    expect([-2, -1, 0, 1, 2].map((by) => accepted(own + by))).toEqual([undefined, own, own, own, undefined]);
  });

  it('does not count when it, or a later one, was used', () => {
    expect(acceptedStep(RFC_SECRET, '287082', at(59), 1)).toBeUndefined();
    expect(acceptedStep(RFC_SECRET, '287082', at(59), 2)).toBeUndefined();
  });

  it.each(['287083', '28708', '2870820', '', 'abcdef', '２８７０８２'])('is nothing else: %j', (code) => {
    expect(acceptedStep(RFC_SECRET, code, at(59), 0)).toBeUndefined();
  });

  it('is made from 160 random bits, which its address carries too', () => {
    const secret = newSecret();
    expect(secret).toHaveLength(20);
    expect(newSecret()).not.toEqual(secret);
    const described = describeSecret(secret, 'ada@example.org');
    expect(described.secret).toMatch(/^[A-Z2-7]{32}$/);
    const uri = new URL(described.uri);
    expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp']);
    expect(decodeURIComponent(uri.pathname)).toBe('/Tickets:ada@example.org');
    expect(uri.searchParams.get('secret')).toBe(described.secret);
  });
});

describe('recovery codes', () => {
  it('are ten different ones, and the same however they are typed', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/);
    const [code = ''] = codes;
    expect(recoveryCodeHash('ada', ` ${code.toUpperCase().replaceAll('-', ' ')} `)).toEqual(
      recoveryCodeHash('ada', code),
    );
    expect(recoveryCodeHash('bob', code)).not.toEqual(recoveryCodeHash('ada', code));
  });
});
