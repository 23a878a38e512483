import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';

/** Of one kind to one account: nobody must be able to fill another person's mailbox. */
export const MAILS_AN_HOUR = 5;

/** Tokens that were mailed to a person, by their hash. Every method works in the open transaction. */
abstract class MailedTokenStore {
  constructor(
    private readonly database: Database,
    private readonly table: 'email_verifications' | 'password_resets',
    private readonly hours: number,
  ) {}

  /** @returns when the token ends. */
  async add(tokenHash: Buffer, userId: string, email: string): Promise<Date> {
    const [row] = await this.database.current().query<{ expires_at: Date }>(
      `insert into ${this.table} (token_hash, user_id, email, expires_at)
       values ($1, $2, $3, now() + make_interval(hours => $4)) returning expires_at`,
      [tokenHash, userId, email, this.hours],
    );
    return row!.expires_at;
  }

  /** Whose token it is; it can still be redeemed. @returns undefined when it does not exist, was used, or has ended. */
  async find(tokenHash: Buffer): Promise<{ userId: string } | undefined> {
    const [row] = await this.database
      .current()
      .query<{ user_id: string }>(`select user_id from ${this.table} where token_hash = $1 and expires_at > now()`, [
        tokenHash,
      ]);
    return row && { userId: row.user_id };
  }

  /** Uses a token up. @returns undefined when it does not exist, was used, or has ended. */
  async redeem(tokenHash: Buffer): Promise<{ userId: string; email: string } | undefined> {
    const [row] = await this.database.current().query<{
      user_id: string;
      email: string;
    }>(`delete from ${this.table} where token_hash = $1 and expires_at > now() returning user_id, email`, [tokenHash]);
    return row && { userId: row.user_id, email: row.email };
  }

  /** The tokens in a person's older mails are of no use any more. */
  async forget(userId: string): Promise<void> {
    await this.database.current().execute(`delete from ${this.table} where user_id = $1`, [userId]);
  }

  /**
   * Locks the account, so that parallel requests count each other, and forgets its ended tokens.
   * @returns the tokens of the last hour and the seconds until the oldest of them is older than that.
   */
  async countRecent(userId: string): Promise<{ count: number; secondsToOldest: number }> {
    const transaction = this.database.current();
    await transaction.execute('select from users where id = $1 for update', [userId]);
    await transaction.execute(`delete from ${this.table} where user_id = $1 and expires_at <= now()`, [userId]);
    const [row] = await transaction.query<{ count: number; seconds: number | null }>(
      `select count(*) as count, ceil(extract(epoch from min(created_at) + interval '1 hour' - now()))::int as seconds
       from ${this.table} where user_id = $1 and created_at > now() - interval '1 hour'`,
      [userId],
    );
    return { count: row!.count, secondsToOldest: row!.seconds ?? 0 };
  }
}

/** Tokens that prove an e-mail. */
@Injectable()
export class EmailVerificationStore extends MailedTokenStore {
  constructor(database: Database) {
    super(database, 'email_verifications', 24);
  }
}

/** Tokens that set a new password. An hour: who reads the mailbox later must not find a key to the account. */
@Injectable()
export class PasswordResetStore extends MailedTokenStore {
  constructor(database: Database) {
    super(database, 'password_resets', 1);
  }
}
