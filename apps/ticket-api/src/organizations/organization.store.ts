import { Injectable } from '@nestjs/common';
import type { Member, OrganizationStatus, Role } from '@app/contracts';
import { Database } from '@app/persistence';
import { ProblemError } from '@app/problem-details';
import { organizerOf } from './organizer.js';

/** SQL for what an organization's people see of its standing; over its columns. */
export const STATUS = `case when suspended_at is null then 'active' else 'suspended' end`;

const CONTACT = 'update organizations set contact_user_id = $2 where tenant_id = $1';

interface Organization {
  name: string;
  slug: string;
  status: OrganizationStatus;
}

/** Organizations and their members. Every method works in the organization's open transaction. */
@Injectable()
export class OrganizationStore {
  constructor(private readonly database: Database) {}

  /** @returns false when another organization has the slug. */
  async create(id: string, name: string, slug: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .execute('insert into organizations (tenant_id, name, slug) values ($1, $2, $3) on conflict (slug) do nothing', [
        id,
        name,
        slug,
      ]);
    return rows === 1;
  }

  /** Until the transaction ends nobody else changes who belongs to the organization. */
  async lock(id: string): Promise<Organization> {
    const [row] = await this.database
      .current()
      .query<Organization>(
        `select name, slug, ${STATUS} as status from organizations where tenant_id = $1 for no key update`,
        [id],
      );
    if (!row) throw new Error(`There is no organization ${id}.`);
    return row;
  }

  /** A member stays what he or she is. @throws ProblemError `unauthenticated` when the account is erased. */
  async addMember(id: string, userId: string, role: Role): Promise<void> {
    const [account] = await this.database
      .current()
      .query('select from users where id = $1 and erased_at is null for key share', [userId]);
    if (!account) throw new ProblemError('unauthenticated', 'This account was erased.');
    await this.database
      .current()
      .execute('insert into members (tenant_id, user_id, role) values ($1, $2, $3) on conflict do nothing', [
        id,
        userId,
        role,
      ]);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.database.current().execute('update organizations set name = $2 where tenant_id = $1', [id, name]);
  }

  /** Where answers to its mails go, null for nowhere. */
  async contactOf(id: string): Promise<string | null> {
    const [row] = await this.database
      .current()
      .query<{ email: string | null }>(`select ${organizerOf('$1::uuid')} ->> 'replyTo' as email`, [id]);
    return row?.email ?? null;
  }

  /** @returns false when nobody of its people has that address, confirmed. */
  async setContact(id: string, email: string | null): Promise<boolean> {
    if (email === null) return (await this.database.current().execute(CONTACT, [id, null])) > 0;
    const [member] = await this.database.current().query<{ id: string }>(
      `select u.id from members m join users u on u.id = m.user_id
       where m.tenant_id = $1 and u.email = $2 and u.email_verified_at is not null for key share of u`,
      [id, email],
    );
    return member !== undefined && (await this.database.current().execute(CONTACT, [id, member.id])) > 0;
  }

  /** @returns the member as the others see it. */
  async changeRole(id: string, userId: string, role: Role): Promise<Member> {
    const [row] = await this.database.current().query<Member>(
      `update members m set role = $3 from users u where m.tenant_id = $1 and m.user_id = $2 and u.id = m.user_id
       returning m.user_id as "userId", u.name, u.email, m.role`,
      [id, userId, role],
    );
    return row!;
  }

  async removeMember(id: string, userId: string): Promise<void> {
    await this.database.current().execute('delete from members where tenant_id = $1 and user_id = $2', [id, userId]);
  }

  async roleOf(id: string, userId: string): Promise<Role | undefined> {
    const [row] = await this.database
      .current()
      .query<{ role: Role }>('select role from members where tenant_id = $1 and user_id = $2', [id, userId]);
    return row?.role;
  }

  async countOwners(id: string): Promise<number> {
    const [row] = await this.database
      .current()
      .query<{ owners: number }>(`select count(*) as owners from members where tenant_id = $1 and role = 'owner'`, [
        id,
      ]);
    return row!.owners;
  }

  async hasMemberWithEmail(id: string, email: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .query('select from members m join users u on u.id = m.user_id where m.tenant_id = $1 and u.email = $2', [
        id,
        email,
      ]);
    return rows.length > 0;
  }

  /**
   * Asked of the account and not of the caller's token, which may be older than the proof. The account is not erased
   * until the transaction ends, or has been.
   */
  async hasVerifiedEmail(userId: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .query('select from users where id = $1 and email_verified_at is not null for key share', [userId]);
    return rows.length > 0;
  }
}
