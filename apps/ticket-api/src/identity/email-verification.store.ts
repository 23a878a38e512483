import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';

/** Tokens that prove an e-mail, by their hash. Every method works in the open transaction. */
@Injectable()
export class EmailVerificationStore {
  constructor(private readonly database: Database) {}

  /** @returns when the token ends: 24 hours from now. */
  async add(tokenHash: Buffer, userId: string, email: string): Promise<Date> {
    const [row] = await this.database.current().query<{ expires_at: Date }>(
      `insert into email_verifications (token_hash, user_id, email, expires_at)
       values ($1, $2, $3, now() + interval '24 hours') returning expires_at`,
      [tokenHash, userId, email],
    );
    return row!.expires_at;
  }

  /** Uses a token up. @returns undefined when it does not exist, was used, or has ended. */
  async redeem(tokenHash: Buffer): Promise<{ userId: string; email: string } | undefined> {
    const [row] = await this.database.current().query<{
      user_id: string;
      email: string;
    }>('delete from email_verifications where token_hash = $1 and expires_at > now() returning user_id, email', [tokenHash]);
    return row && { userId: row.user_id, email: row.email };
  }

  /** The tokens in a person's older mails are of no use any more. */
  async forget(userId: string): Promise<void> {
    await this.database.current().execute('delete from email_verifications where user_id = $1', [userId]);
  }

  /**
   * Locks the account, so that parallel requests count each other, and forgets its ended tokens.
   * @returns the tokens of the last hour and the seconds until the oldest of them is older than that.
   */
  async countRecent(userId: string): Promise<{ count: number; secondsToOldest: number }> {
    const transaction = this.database.current();
    await transaction.execute('select from users where id = $1 for update', [userId]);
    await transaction.execute('delete from email_verifications where user_id = $1 and expires_at <= now()', [userId]);
    const [row] = await transaction.query<{ count: number; seconds: number | null }>(
      `select count(*) as count, ceil(extract(epoch from min(created_at) + interval '1 hour' - now()))::int as seconds
       from email_verifications where user_id = $1 and created_at > now() - interval '1 hour'`,
      [userId],
    );
    return { count: row!.count, secondsToOldest: row!.seconds ?? 0 };
  }
}
