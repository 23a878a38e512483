import { describe, expect, it, jest } from '@jest/globals';
import { BoundedQueue } from '../bounded-queue.js';
import { Passwords } from './passwords.js';

const passwords = new Passwords();

describe('passwords', () => {
  it('are kept as Argon2id with 19 MiB, two passes, one lane and a salt of their own', async () => {
    const [one, other] = await Promise.all([passwords.hash('correct horse'), passwords.hash('correct horse')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
  });

  it('fit their own hash and no other', async () => {
    const encoded = await passwords.hash('correct horse');
    expect(await passwords.fits('correct horse', encoded)).toBe(true);
    expect(await passwords.fits('correct Horse', encoded)).toBe(false);
    const long = await passwords.hash(`${'x'.repeat(127)}a`);
    expect(await passwords.fits(`${'x'.repeat(127)}b`, long)).toBe(false);
  });

  it('are the same however the keyboard composes a character', async () => {
    const encoded = await passwords.hash('caf\u00e9 au lait chaud');
    expect(await passwords.fits('cafe\u0301 au lait chaud', encoded)).toBe(true);
  });

  it('wait for their turn in the one bounded queue, to be hashed as well as to be checked', async () => {
    const turns = jest.spyOn(BoundedQueue.prototype, 'run');
    const encoded = await passwords.hash('correct horse');
    expect(turns).toHaveBeenCalledTimes(1);
    await passwords.fits('correct horse', encoded);
    expect(turns).toHaveBeenCalledTimes(2);
    expect(new Set(turns.mock.contexts).size).toBe(1);
    turns.mockRestore();
  });

  it('never fit an account that does not exist, and take as long to say so', async () => {
    const encoded = await passwords.hash('correct horse');
    const time = async (against: string | undefined) => {
      const start = performance.now();
      for (let i = 0; i < 5; i++) expect(await passwords.fits('wrong', against)).toBe(false);
      return performance.now() - start;
    };
    await time(undefined);
    const [known, unknown] = [await time(encoded), await time(undefined)];
    // Without the hash it would be a thousand times faster.
    expect(unknown).toBeGreaterThan(known / 4);
  });
});
