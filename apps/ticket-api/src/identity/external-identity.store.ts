import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ResolvedPerson } from '@app/contracts';
import { Database } from '@app/persistence';

/** An identity of another issuer, and the account that it has here. */
export interface ExternalAccount extends NonNullable<ResolvedPerson['person']> {
  erasedAt: Date | null;
  /** When the token was issued whose facts the account has. */
  statedAt: Date;
}

export interface NewExternalAccount extends NonNullable<ResolvedPerson['person']> {
  identityHash: Buffer;
  issuer: string;
  subject: string;
  statedAt: Date;
}

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
              u.erased_at as "erasedAt", i.stated_at as "statedAt"
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
         insert into external_identities (identity_hash, user_id, issuer, subject, stated_at)
         values ($1, $2, $3, $4, $5) on conflict (identity_hash) do nothing returning user_id
       )
       insert into users (id, email, name, email_verified_at, external)
       select user_id, $6, $7, case when $8::boolean then now() end, true from identity`,
      [hash, userId, issuer, subject, statedAt, email, name, emailVerified],
    );
  }

  /** A proof of this very address stays; another address needs one of its own. A linked account of ours keeps its own. */
  async takeEmail(hash: Buffer, email: string, isVerified: boolean, statedAt: Date): Promise<void> {
    await this.database.current().execute(
      `with identity as (
         update external_identities set stated_at = $4 where identity_hash = $1 and stated_at < $4 returning user_id
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
}
