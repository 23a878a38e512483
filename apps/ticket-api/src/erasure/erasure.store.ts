import { Injectable } from '@nestjs/common';
import { ERASED_NAME, erasedAddress } from '@app/contracts';
import { Database } from '@app/persistence';

/** Tables whose rows are of one account and of no use without it. */
const OF_ACCOUNT = ['email_verifications', 'password_resets', 'known_networks', 'second_factors'] as const;

export interface LockedAccount {
  email: string;
  /** Entered with the e-mail and a password; else the account is of another issuer's person. */
  local: boolean;
  /** False for an e-mail that another issuer states and does not vouch for: it may be anybody's. */
  proven: boolean;
}

/** Every method works in the open transaction. */
@Injectable()
export class ErasureStore {
  constructor(private readonly database: Database) {}

  /** The account, until the end of the transaction locked against whatever refers to it; undefined when it is erased. */
  async lock(userId: string): Promise<LockedAccount | undefined> {
    const [row] = await this.database.current().query<LockedAccount>(
      `select email, not external as local, not external or email_verified_at is not null as proven
         from users where id = $1 and erased_at is null for update`,
      [userId],
    );
    return row;
  }

  /** @returns the organizations that would have no owner; if there is one, nothing was done */
  leaveOrganizations(userId: string, email: string): Promise<{ id: string; name: string }[]> {
    return this.database.current().query('select * from leave_organizations($1, $2)', [userId, email]);
  }

  /** Offers of tickets, from and to the person. While the account has its e-mail. */
  async eraseTransfers(userId: string): Promise<void> {
    await this.database.current().query('select erase_transfers($1)', [userId]);
  }

  /**
   * What is left of the account is an id. Its sessions stay for some minutes, ended and without whose they were, so that
   * the gateway hears of their end.
   */
  async eraseAccount(userId: string): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute(
      `update sessions set revoked_at = coalesce(revoked_at, clock_timestamp()), user_agent = null, network = null where user_id = $1`,
      [userId],
    );
    await transaction.execute(
      'delete from refresh_tokens where session_id in (select id from sessions where user_id = $1)',
      [userId],
    );
    for (const table of OF_ACCOUNT) await transaction.execute(`delete from ${table} where user_id = $1`, [userId]);
    await transaction.execute('update external_identities set issuer = null, subject = null where user_id = $1', [
      userId,
    ]);
    await transaction.execute(
      `update users set email = $2, name = $3, password_hash = null, email_verified_at = null,
         credentials_version = credentials_version + 1, erased_at = now() where id = $1`,
      [userId, erasedAddress(userId), ERASED_NAME],
    );
  }

  async eraseTraces(userId: string): Promise<void> {
    await this.database.current().query('select erase_traces($1), erase_mail_preferences($1)', [userId]);
  }
}
