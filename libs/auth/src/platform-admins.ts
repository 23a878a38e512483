import { ProblemError } from '@app/problem-details';
import type { Identity } from './identity.js';

/** Who administers the platform: the people with these e-mails, which the configuration names (`PLATFORM_ADMINS`). */
export class PlatformAdmins {
  private readonly emails: ReadonlySet<string>;

  /** @param emails in lower case */
  constructor(emails: readonly string[]) {
    this.emails = new Set(emails);
  }

  /**
   * A proven e-mail of an account of ours: who runs another issuer could state any address.
   */
  has(person: Identity | null): boolean {
    return person !== null && person.issuer === undefined && person.emailVerified && this.emails.has(person.email);
  }

  /** @throws ProblemError `forbidden` for everybody else. */
  require(person: Identity | null): void {
    if (!this.has(person)) throw new ProblemError('forbidden', 'This takes an administrator of the platform.');
  }
}
