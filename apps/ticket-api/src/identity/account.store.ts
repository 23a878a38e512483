import { Injectable } from '@nestjs/common';
import type { User } from '@app/contracts';
import { Database } from '@app/persistence';

export interface NewAccount {
  id: string;
  email: string;
  name: string;
  passwordHash: string;
}

/** What an account is entered with. */
export interface Credentials {
  id: string;
  email: string;
  name: string;
  /** Missing when there is no password, as of a person who signs in elsewhere: then none fits. */
  passwordHash: string | undefined;
  emailVerified: boolean;
  /** Another one after every change. */
  version: number;
  /** Whether a code is demanded beside the password. */
  secondFactor: boolean;
}

interface CredentialsRow {
  id: string;
  email: string;
  name: string;
  password_hash: string | null;
  email_verified: boolean;
  credentials_version: number;
  second_factor: boolean;
}

interface UserRow {
  id: string;
  email: string;
  name: string;
  email_verified: boolean;
  second_factor: boolean;
  organization_roles: string[];
}

/** Of a row `u` of users. */
const HAS_SECOND_FACTOR = 'exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null)';

/** Accounts belong to persons, so to no tenant. Every method works in the open transaction. */
@Injectable()
export class AccountStore {
  constructor(private readonly database: Database) {}

  /** @returns false when the e-mail has an account; also when that one is being made at this moment. */
  async open({ id, email, name, passwordHash }: NewAccount): Promise<boolean> {
    const rows = await this.database
      .current()
      .execute(
        'insert into users (id, email, name, password_hash) values ($1, $2, $3, $4) on conflict (email) where not external do nothing',
        [id, email, name, passwordHash],
      );
    return rows === 1;
  }

  /** Of an account of ours: other issuers' people have e-mails that nobody signs in with here. */
  async findByEmail(email: string): Promise<Credentials | undefined> {
    return this.credentials('email = $1 and not external', email);
  }

  async findCredentials(id: string): Promise<Credentials | undefined> {
    return this.credentials('id = $1 and erased_at is null', id);
  }

  /**
   * Keeps the credentials from being changed until the open transaction ends: who was judged by a password that is being
   * changed gets no session by it, and who gets one is seen by the change, which then ends it.
   */
  async hasUnchangedCredentials({ id, version }: Pick<Credentials, 'id' | 'version'>): Promise<boolean> {
    const rows = await this.database
      .current()
      .query('select from users where id = $1 and credentials_version = $2 for share', [id, version]);
    return rows.length === 1;
  }

  private async credentials(where: string, value: string): Promise<Credentials | undefined> {
    const [row] = await this.database
      .current()
      .query<CredentialsRow>(
        `select id, email, name, password_hash, email_verified_at is not null as email_verified, credentials_version, ${HAS_SECOND_FACTOR} as second_factor from users u where ${where}`,
        [value],
      );
    if (!row) return undefined;
    const {
      id,
      email,
      name,
      password_hash: passwordHash,
      email_verified: emailVerified,
      credentials_version: version,
      second_factor: secondFactor,
    } = row;
    return { id, email, name, passwordHash: passwordHash ?? undefined, emailVerified, version, secondFactor };
  }

  /**
   * The person as clients see it. Everybody is a buyer; the other roles are those that the person has in any
   * organization, each once. The person's door must be open: nothing else shows memberships of every organization.
   * @returns undefined also of an erased account, whose tokens the gateway may take for some seconds.
   */
  async findUser(id: string): Promise<User | undefined> {
    const [row] = await this.database.current().query<UserRow>(
      `select u.id, u.email, u.name, u.email_verified_at is not null as email_verified,
              ${HAS_SECOND_FACTOR} as second_factor,
              array(select distinct m.role from members m where m.user_id = u.id order by m.role) as organization_roles
       from users u where u.id = $1 and u.erased_at is null`,
      [id],
    );
    if (!row) return undefined;
    const { email, name, email_verified: emailVerified, organization_roles: roles, second_factor: secondFactor } = row;
    return { id, email, name, roles: ['buyer', ...roles], emailVerified, secondFactor };
  }

  async rename(id: string, name: string): Promise<void> {
    await this.database.current().execute('update users set name = $2 where id = $1', [id, name]);
  }

  /** Keeps the time of the first proof. @returns false when the account has another e-mail by now. */
  async markEmailVerified(id: string, email: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .execute('update users set email_verified_at = coalesce(email_verified_at, now()) where id = $1 and email = $2', [
        id,
        email,
      ]);
    return rows === 1;
  }

  /** Makes whoever else changes the account wait until the open transaction ends. */
  async lock(id: string): Promise<void> {
    await this.database.current().execute('select from users where id = $1 for update', [id]);
  }

  /** @returns false when the credentials are not those any more that were judged. */
  async changePassword({ id, version }: Pick<Credentials, 'id' | 'version'>, passwordHash: string): Promise<boolean> {
    const rows = await this.database.current().execute(
      `update users set password_hash = $3, credentials_version = credentials_version + 1
       where id = $1 and credentials_version = $2`,
      [id, version, passwordHash],
    );
    return rows === 1;
  }

  /** Whoever was judged by what was asked for before gets no session by it. */
  async renewCredentials(id: string): Promise<void> {
    await this.database
      .current()
      .execute('update users set credentials_version = credentials_version + 1 where id = $1', [id]);
  }

  /** For whoever has proven the e-mail. @returns false when the account has another one by now. */
  async resetPassword(id: string, email: string, passwordHash: string): Promise<boolean> {
    const rows = await this.database.current().execute(
      `update users set password_hash = $3, credentials_version = credentials_version + 1,
         email_verified_at = coalesce(email_verified_at, now())
       where id = $1 and email = $2`,
      [id, email, passwordHash],
    );
    return rows === 1;
  }
}
