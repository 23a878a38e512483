import { Injectable } from '@nestjs/common';
import type { User } from '@app/contracts';
import { Database } from '@app/persistence';

export interface NewAccount {
  id: string;
  email: string;
  name: string;
  passwordHash: string;
}

interface UserRow {
  id: string;
  email: string;
  name: string;
  email_verified: boolean;
  organization_roles: string[];
}

/** Accounts belong to persons, so to no tenant. Every method works in the open transaction. */
@Injectable()
export class AccountStore {
  constructor(private readonly database: Database) {}

  /** @returns false when the e-mail has an account; also when that one is being made at this moment. */
  async open({ id, email, name, passwordHash }: NewAccount): Promise<boolean> {
    const rows = await this.database
      .current()
      .execute(
        'insert into users (id, email, name, password_hash) values ($1, $2, $3, $4) on conflict (email) do nothing',
        [id, email, name, passwordHash],
      );
    return rows === 1;
  }

  async findByEmail(email: string): Promise<{ id: string; passwordHash: string } | undefined> {
    const [row] = await this.database
      .current()
      .query<{ id: string; password_hash: string }>('select id, password_hash from users where email = $1', [email]);
    return row && { id: row.id, passwordHash: row.password_hash };
  }

  /**
   * The person as clients see it. Everybody is a buyer; the other roles are those that the person has in any
   * organization, each once. The person's door must be open: nothing else shows memberships of every organization.
   */
  async findUser(id: string): Promise<User | undefined> {
    const [row] = await this.database.current().query<UserRow>(
      `select u.id, u.email, u.name, u.email_verified_at is not null as email_verified,
              array(select distinct m.role from members m where m.user_id = u.id order by m.role) as organization_roles
       from users u where u.id = $1`,
      [id],
    );
    if (!row) return undefined;
    const { email, name, email_verified: emailVerified, organization_roles: roles } = row;
    return { id, email, name, roles: ['buyer', ...roles], emailVerified };
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
}
