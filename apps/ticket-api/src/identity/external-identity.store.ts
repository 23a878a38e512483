import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ERASED_NAME, erasedAddress, type LinkedIdentity, type ResolvedPerson } from '@app/contracts';
import { Database } from '@app/persistence';
import { v7 as uuidv7 } from 'uuid';

/** An identity of another issuer, and the account that it has here. */
export interface ExternalAccount extends Omit<NonNullable<ResolvedPerson['person']>, 'externalId'> {
  /** The subject; null where it reads as the id of another account. */
  externalId: string | null;
  /** False for an account of ours that the identity is linked to. */
  external: boolean;
  erasedAt: Date | null;
  /** When the token was issued whose facts the account has. */
  statedAt: Date;
}

export interface NewIdentity {
  userId: string;
  identityHash: Buffer;
  issuer: string;
  subject: string;
  statedAt: Date;
}

export interface NewExternalAccount extends NewIdentity {
  email: string;
  name: string;
  emailVerified: boolean;
}

/** The issuer's clock may be ahead by this much (milliseconds). */
const CLOCK_TOLERANCE = 60_000;

/** Whether the token is from before the erasure of what its identity leads to: it must not bring anything back. */
export const isOlderThan = (erasedAt: Date, issuedAt: Date): boolean =>
  issuedAt.getTime() <= erasedAt.getTime() + CLOCK_TOLERANCE;

/** One text for one identity: JSON keeps the three apart, whatever they hold. */
export const identityHash = (issuer: string, subjectClaim: string, subject: string): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([issuer, subjectClaim, subject]))
    .digest();

/** Accounts of persons who sign in elsewhere. They belong to no tenant. */
@Injectable()
export class ExternalIdentityStore {
  constructor(private readonly database: Database) {}

  async find(hash: Buffer): Promise<ExternalAccount | undefined> {
    const [row] = await this.database.lookUp<ExternalAccount>(
      `select u.id as "userId", u.email, u.name, u.email_verified_at is not null as "emailVerified",
              u.external, u.erased_at as "erasedAt", i.stated_at as "statedAt",
              case when not exists (select from users other where other.id <> u.id and other.id = (
                case when i.subject ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then i.subject::uuid end
              )) then i.subject end as "externalId"
       from external_identities i join users u on u.id = i.user_id where i.identity_hash = $1`,
      [hash],
    );
    return row;
  }

  /**
   * Both rows or, when the identity has got its account at this moment, none: the second of two first requests waits for
   * the first. Works in the open transaction, as what follows does.
   */
  async open({
    userId,
    identityHash: hash,
    email,
    name,
    emailVerified,
    issuer,
    subject,
    statedAt,
  }: NewExternalAccount) {
    await this.database.current().execute(
      `with identity as (
         insert into external_identities (identity_hash, user_id, issuer, subject, stated_at, id)
         values ($1, $2, $3, $4, $5, $9) on conflict (identity_hash) do nothing returning user_id
       )
       insert into users (id, email, name, email_verified_at, external)
       select user_id, $6, $7, case when $8::boolean then now() end, true from identity`,
      [hash, userId, issuer, subject, statedAt, email, name, emailVerified, uuidv7()],
    );
  }

  /** A proof of this very address stays; another address needs one of its own. A linked account of ours keeps its own. */
  async takeEmail(hash: Buffer, email: string, isVerified: boolean, statedAt: Date): Promise<void> {
    await this.database.current().execute(
      // The account first, as whoever else changes both.
      `with account as (
         select u.id from users u join external_identities i on i.user_id = u.id where i.identity_hash = $1 for update of u
       ), identity as (
         update external_identities i set stated_at = $4 from account
         where i.identity_hash = $1 and i.user_id = account.id and i.stated_at < $4 returning i.user_id
       )
       update users u set email = $2, email_verified_at = case
           when u.email = $2 and u.email_verified_at is not null then u.email_verified_at
           when $3::boolean then now() end
       from identity where u.id = identity.user_id and u.external and u.erased_at is null`,
      [hash, email, isVerified, statedAt],
    );
  }

  /** Leads to the erased account no more. */
  async forget(hash: Buffer): Promise<void> {
    await this.database
      .current()
      .execute('delete from external_identities where identity_hash = $1 and issuer is null', [hash]);
  }

  /** Leads an identity that leads nowhere to an account of ours. @returns false when it leads somewhere by now. */
  async link({ identityHash: hash, userId, issuer, subject, statedAt }: NewIdentity): Promise<boolean> {
    const rows = await this.database.current().execute(
      `insert into external_identities (identity_hash, user_id, issuer, subject, stated_at, id)
       values ($1, $2, $3, $4, $5, $6) on conflict (identity_hash) do nothing`,
      [hash, userId, issuer, subject, statedAt, uuidv7()],
    );
    return rows === 1;
  }

  /** Leads it from one account to another. @returns false when it does not lead to the first any more. */
  async move(hash: Buffer, from: string, to: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .execute(
        'update external_identities set user_id = $3, created_at = now() where identity_hash = $1 and user_id = $2 and issuer is not null',
        [hash, from, to],
      );
    return rows === 1;
  }

  /** Whether the account was ever more than looked at. The person's door must be open. */
  async isUsed(userId: string): Promise<boolean> {
    const [row] = await this.database.current().query<{ used: boolean }>(
      `select exists (select from orders where user_id = $1) or exists (select from tickets where holder_id = $1)
         or exists (select from waiting_list_entries where user_id = $1)
         or exists (select from transfers where $1 in (from_user, to_user))
         or exists (select from members where user_id = $1)
         or exists (select from audit_log_entries where actor_id = $1 and actor_kind <> 'key') as used`,
      [userId],
    );
    return row!.used;
  }

  /** Ends an account that nothing leads to and that was never used. */
  async giveUp(userId: string): Promise<void> {
    const transaction = this.database.current();
    await transaction.execute('delete from email_verifications where user_id = $1', [userId]);
    await transaction.execute(
      'update users set email = $2, name = $3, email_verified_at = null, erased_at = now() where id = $1',
      [userId, erasedAddress(userId), ERASED_NAME],
    );
  }

  /** Newest first, at most `limit`; those before one of them, if it is named. */
  async ofPerson(userId: string, limit: number, before: string | null): Promise<LinkedIdentity[]> {
    const rows = await this.database.lookUp<Omit<LinkedIdentity, 'createdAt'> & { createdAt: Date }>(
      `select id, issuer, subject, created_at as "createdAt" from external_identities
       where user_id = $1 and issuer is not null and ($2::uuid is null or id < $2) order by id desc limit $3`,
      [userId, before, limit],
    );
    return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
  }

  async named(userId: string, hash: Buffer): Promise<LinkedIdentity> {
    const [row] = await this.database
      .current()
      .query<Omit<LinkedIdentity, 'createdAt'> & { createdAt: Date }>(
        `select id, issuer, subject, created_at as "createdAt" from external_identities where identity_hash = $2 and user_id = $1`,
        [userId, hash],
      );
    return { ...row!, createdAt: row!.createdAt.toISOString() };
  }

  /** @returns false when it does not lead to this account. */
  async unlink(userId: string, id: string): Promise<boolean> {
    const sql = 'delete from external_identities where id = $2 and user_id = $1 and issuer is not null';
    return (await this.database.current().execute(sql, [userId, id])) === 1;
  }
}
