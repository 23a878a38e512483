import { Injectable } from '@nestjs/common';
import { PLATFORM_TENANT } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { hashOf } from './secret-token.js';
import { ACCOUNT_AT_ADDRESS, ADDRESS, FORGET_AFTER, remembered, secondsToWait, type Failures } from './slow-down.js';

type Row = { failures: number; last_at: Date; now: Date };

/**
 * Failed sign-ins by account and address together, and by address. Kept as hashes: they may name e-mails of people who
 * have no account. `network` is what counts as one address.
 */
@Injectable()
export class SignInFailureStore {
  constructor(private readonly database: Database) {}

  /**
   * Admits one attempt and counts it as failed until `forgive`, so that guesses sent in parallel count too.
   * @throws ProblemError `too-many-requests` with `retryAfter` seconds; a refused attempt is not counted.
   */
  async admit(email: string, network: string): Promise<void> {
    await this.database.asTenant(PLATFORM_TENANT, async () => {
      const address = await this.read(subjectOf(network));
      if (address) refuseUnless(secondsToWait(ADDRESS, failuresOf(address), address.now));
      const subject = subjectOf(network, email);
      const row = await this.lock(subject);
      refuseUnless(secondsToWait(ACCOUNT_AT_ADDRESS, failuresOf(row), row.now));
      await this.write(subject, remembered(failuresOf(row), row.now) + 1, row.now);
    });
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

  /** After a success the account starts anew for this address. Works in the open transaction. */
  async forgive(email: string, network: string): Promise<void> {
    await this.database
      .current()
      .execute('delete from sign_in_failures where subject = $1', [subjectOf(network, email)]);
  }

  private async read(subject: Buffer): Promise<Row | undefined> {
    const [row] = await this.database
      .current()
      .query<Row>('select failures, last_at, clock_timestamp() as now from sign_in_failures where subject = $1', [
        subject,
      ]);
    return row;
  }

  private async lock(subject: Buffer): Promise<Row> {
    const [row] = await this.database.current().query<Row>(
      `insert into sign_in_failures (subject, failures, last_at) values ($1, 0, clock_timestamp())
       on conflict (subject) do update set failures = sign_in_failures.failures
       returning failures, last_at, clock_timestamp() as now`,
      [subject],
    );
    return row!;
  }

  private async write(subject: Buffer, failures: number, at: Date): Promise<void> {
    await this.database
      .current()
      .execute('update sign_in_failures set failures = $2, last_at = $3 where subject = $1', [subject, failures, at]);
  }
}

const subjectOf = (network: string, email = '') => hashOf(`${network}\n${email}`);

const failuresOf = ({ failures, last_at: lastAt }: Row): Failures => ({ failures, lastAt });

function refuseUnless(retryAfter: number): void {
  if (retryAfter > 0)
    throw new ProblemError('too-many-requests', `Too many wrong passwords: wait ${retryAfter} s.`, { retryAfter });
}
