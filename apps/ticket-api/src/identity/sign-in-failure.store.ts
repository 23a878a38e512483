import { Injectable } from '@nestjs/common';
import type { Identity } from '@app/auth';
import { PLATFORM_TENANT } from '@app/contracts';
import { SecurityEvents } from '@app/observability';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { KnownNetworkStore } from './known-network.store.js';
import { hashOf } from './secret-token.js';
import {
  ACCOUNT_AT_ADDRESS,
  ACCOUNT_ELSEWHERE,
  ADDRESS,
  CONFIRMATION,
  FORGET_AFTER,
  INVITATIONS,
  INVITATIONS_OF_UNPROVEN,
  INVITATIONS_TO_ADDRESS,
  MAILS_OF_ADDRESS,
  OFFERS,
  OFFERS_OF_UNPROVEN,
  OFFERS_TO_ADDRESS,
  remembered,
  SECOND_FACTOR,
  secondsToWait,
  type Failures,
  type SlowDown,
} from './slow-down.js';

type Row = { failures: number; last_at: Date; now: Date };

/** What one limit counts: hashes, for they may name e-mails of people who have no account. */
interface Subject {
  hash: Buffer;
  account: Buffer | null;
}

/**
 * Failed attempts to enter an account, by whom they concern and where they come from. `network` is what counts as one
 * address. Attempts are admitted and counted as failed until they are forgiven, so that guesses sent in parallel count
 * too; a refused attempt is not counted. @throws ProblemError `too-many-requests` with `retryAfter` seconds
 */
@Injectable()
export class SignInFailureStore {
  constructor(
    private readonly database: Database,
    private readonly networks: KnownNetworkStore,
    private readonly security: SecurityEvents,
  ) {}

  /** A password for an account, which may not exist. */
  async admit(email: string, network: string): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      const address = await this.read(subjectOf(network).hash);
      if (address) this.refuseUnless(secondsToWait(ADDRESS, failuresOf(address), address.now), 'address');
      await this.count(subjectOf(network, email), ACCOUNT_AT_ADDRESS, 'account-at-address');
      if (!(await this.networks.isKnown(email, network)))
        await this.count(elsewhere(email), ACCOUNT_ELSEWHERE, 'account-elsewhere');
    });
  }

  /** The password once more, of somebody who is signed in. */
  async admitConfirmation(email: string): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, () => this.count(confirmation(email), CONFIRMATION, 'confirmation'));
  }

  /** A code of a second factor. From networks that the account knows each has its own count, so others do not wait for it. */
  async admitSecondFactor(email: string, network: string): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, async () =>
      this.count(await this.secondFactor(email, network), SECOND_FACTOR, 'second-factor'),
    );
  }

  /** A mail that an address asks for. */
  async admitMail(network: string): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, () =>
      this.count(subjectOf(`mails asked for by ${network}`), MAILS_OF_ADDRESS, 'mails'),
    );
  }

  /** An invitation that a person has mailed to an address. Works in the open transaction, and counts if that commits. */
  async admitInvitation(
    { userId, emailVerified }: Pick<Identity, 'userId' | 'emailVerified'>,
    to: string,
  ): Promise<void> {
    const policy = emailVerified ? INVITATIONS : INVITATIONS_OF_UNPROVEN;
    await this.count(subjectOf(`invitations by ${userId}`), policy, 'invitations');
    await this.count(subjectOf(`invitations to ${to}`), INVITATIONS_TO_ADDRESS, 'invitations');
  }

  /** An offer of a ticket that a person has mailed to an address. Works in the open transaction, and counts if that commits. */
  async admitTransfer(
    { userId, emailVerified }: Pick<Identity, 'userId' | 'emailVerified'>,
    to: string,
  ): Promise<void> {
    const policy = emailVerified ? OFFERS : OFFERS_OF_UNPROVEN;
    await this.count(subjectOf(`offers by ${userId}`), policy, 'offers');
    await this.count(subjectOf(`offers to ${to}`), OFFERS_TO_ADDRESS, 'offers');
  }

  /** Counts a failure of the address, and forgets a few old ones of anybody. */
  async countForAddress(network: string): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, async (transaction) => {
      const subject = subjectOf(network);
      const row = await this.lock(subject);
      await this.write(subject, remembered(failuresOf(row), row.now) + 1, row.now);
      await transaction.execute(
        `delete from sign_in_failures where subject in (
           select subject from sign_in_failures where last_at < now() - make_interval(secs => $1)
           order by last_at limit 10 for update skip locked)`,
        [FORGET_AFTER],
      );
    });
  }

  /**
   * After a success the account starts anew for this address; of what others tried from elsewhere only this attempt is
   * taken back. Works in the open transaction.
   */
  async forgive(email: string, network: string): Promise<void> {
    await this.forget(subjectOf(network, email));
    if (await this.networks.isKnown(email, network)) return;
    await this.database
      .current()
      .execute('update sign_in_failures set failures = greatest(failures - 1, 0) where subject = $1', [
        elsewhere(email).hash,
      ]);
  }

  /** Works in the open transaction. */
  forgiveConfirmation(email: string): Promise<void> {
    return this.forget(confirmation(email));
  }

  /** Works in the open transaction. */
  async forgiveSecondFactor(email: string, network: string): Promise<void> {
    await this.forget(await this.secondFactor(email, network));
  }

  /** All that was tried at an account, which has another password now. Works in the open transaction. */
  async forgiveAll(email: string): Promise<void> {
    // In the order in which attempts lock them.
    await this.database.current().execute(
      `delete from sign_in_failures where subject in (
         select subject from sign_in_failures where account = $1 order by (subject = $2), subject for update)`,
      [hashOf(email), elsewhere(email).hash],
    );
  }

  private async secondFactor(email: string, network: string): Promise<Subject> {
    const place = (await this.networks.isKnown(email, network)) ? network : 'elsewhere';
    return subjectOf(`second factor at ${place}`, email);
  }

  private async count(subject: Subject, policy: SlowDown, limit: string): Promise<void> {
    const row = await this.lock(subject);
    this.refuseUnless(secondsToWait(policy, failuresOf(row), row.now), limit);
    await this.write(subject, remembered(failuresOf(row), row.now) + 1, row.now);
  }

  private refuseUnless(retryAfter: number, limit: string): void {
    if (retryAfter === 0) return;
    this.security.tell('auth.slowed-down', { limit });
    throw new ProblemError('too-many-requests', `Too many attempts: wait ${retryAfter} s.`, { retryAfter });
  }

  private async read(hash: Buffer): Promise<Row | undefined> {
    const [row] = await this.database
      .current()
      .query<Row>('select failures, last_at, clock_timestamp() as now from sign_in_failures where subject = $1', [
        hash,
      ]);
    return row;
  }

  private async lock({ hash, account }: Subject): Promise<Row> {
    const [row] = await this.database.current().query<Row>(
      `insert into sign_in_failures (subject, account, failures, last_at) values ($1, $2, 0, clock_timestamp())
       on conflict (subject) do update set failures = sign_in_failures.failures
       returning failures, last_at, clock_timestamp() as now`,
      [hash, account],
    );
    return row!;
  }

  private async write({ hash }: Subject, failures: number, at: Date): Promise<void> {
    await this.database
      .current()
      .execute('update sign_in_failures set failures = $2, last_at = $3 where subject = $1', [hash, failures, at]);
  }

  private async forget({ hash }: Subject): Promise<void> {
    await this.database.current().execute('delete from sign_in_failures where subject = $1', [hash]);
  }
}

const subjectOf = (place: string, email = ''): Subject => ({
  hash: hashOf(`${place}\n${email}`),
  account: email ? hashOf(email) : null,
});
const elsewhere = (email: string) => subjectOf('elsewhere', email);
const confirmation = (email: string) => subjectOf('confirmation', email);

const failuresOf = ({ failures, last_at: lastAt }: Row): Failures => ({ failures, lastAt });
