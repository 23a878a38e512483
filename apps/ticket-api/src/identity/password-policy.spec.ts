import { describe, expect, it } from '@jest/globals';
import { NewPassword } from '@app/contracts';
import { commonPasswords } from './common-passwords.js';
import { refuseWeakPassword, weaknessOf } from './password-policy.js';

const ada = { email: 'ada.king@example.org', name: 'Ada Lovelace' };

describe('a password', () => {
  it('has 12 to 128 characters', () => {
    const fits = (length: number) => NewPassword.safeParse('x'.repeat(length)).success;
    expect([11, 12, 128, 129].map(fits)).toEqual([false, true, true, false]);
  });

  it('is refused when it is one of those that are tried first, in whatever case', () => {
    expect(commonPasswords.size).toBeGreaterThanOrEqual(3_000);
    for (const common of ['qwertyqwerty', '123456654321', 'QwertyQwerty', 'ｑwertyqwerty'])
      expect(weaknessOf(common, ada)).toMatch(/tried first/);
  });

  it('is looked for among common ones of its own length', () => {
    for (const common of commonPasswords) {
      expect(common).toBe(common.normalize('NFKC').toLowerCase());
      if (!NewPassword.safeParse(common).success) throw new Error(`${common} is refused by its length already`);
    }
  });

  it.each(['ADA.king@example.org', 'my ada.king 1815', '1815-ada lovelace'])(
    'is refused when it contains the e-mail or the name: %s',
    (own) => expect(weaknessOf(own, ada)).toMatch(/your e-mail or your name/),
  );

  it.each(['correct horse battery', 'demo-password-1', 'lovelace-king-ada', 'пароль-из-слов', '🎟️🎟️🎟️🎟️🎟️🎟️'])(
    'may be anything else, of whatever characters: %s',
    (given) => expect(weaknessOf(given, ada)).toBeUndefined(),
  );

  it('may contain a name that is a part of many words', () => {
    expect(weaknessOf('the canadian winter', { email: 'a@example.org', name: 'Ada' })).toBeUndefined();
  });

  it('that is refused is told at its field', () => {
    expect(() => refuseWeakPassword('newPassword', 'qwertyqwerty', ada)).toThrow(
      expect.objectContaining({
        code: 'validation-failed',
        extra: { errors: [expect.objectContaining({ path: 'newPassword' })] },
      }),
    );
  });
});
