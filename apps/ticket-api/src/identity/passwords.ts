import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { BoundedQueue } from '../bounded-queue.js';

/** OWASP Password Storage Cheat Sheet: Argon2id (this package's default) with 19 MiB (here in KiB), two passes, one lane. */
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Hashing runs on libuv's four threads, which files and DNS need as well. */
const PARALLEL = Math.min(3, Math.max(2, availableParallelism()));
/** About five seconds of hashing; who comes later is asked to come again. */
const WAITING = 300;

@Injectable()
export class Passwords {
  private readonly queue = new BoundedQueue(PARALLEL, WAITING, 'Too many sign in at once.');
  private readonly nobodys = this.hash(randomBytes(32).toString('base64'));

  /** An encoded hash with its parameters and salt. @throws ProblemError `service-unavailable` when too many wait. */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(normal(password), ARGON2));
  }

  /**
   * Whether the password is the one of `encoded`. Without one (an account that does not exist) it takes the same time
   * and is false. @throws ProblemError `service-unavailable` when too many wait.
   */
  async fits(password: string, encoded: string | undefined): Promise<boolean> {
    const against = encoded ?? (await this.nobodys);
    const fits = await this.queue.run(() => verify(against, normal(password)));
    return fits && encoded !== undefined;
  }
}

/** The same characters give different bytes on different keyboards (NIST SP 800-63B, 5.1.1.2). */
const normal = (password: string) => password.normalize('NFKC');
