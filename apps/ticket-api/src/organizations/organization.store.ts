import { Injectable } from '@nestjs/common';
import type { Role } from '@app/contracts';
import { Database } from '@app/persistence';

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
  async lock(id: string): Promise<{ name: string; slug: string }> {
    const [row] = await this.database
      .current()
      .query<{ name: string; slug: string }>(
        'select name, slug from organizations where tenant_id = $1 for no key update',
        [id],
      );
    if (!row) throw new Error(`There is no organization ${id}.`);
    return row;
  }

  /** A member stays what he or she is. */
  async addMember(id: string, userId: string, role: Role): Promise<void> {
    await this.database
      .current()
      .execute('insert into members (tenant_id, user_id, role) values ($1, $2, $3) on conflict do nothing', [
        id,
        userId,
        role,
      ]);
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

  /** Asked of the account and not of the caller's token, which may be older than the proof. */
  async hasVerifiedEmail(userId: string): Promise<boolean> {
    const rows = await this.database
      .current()
      .query('select from users where id = $1 and email_verified_at is not null', [userId]);
    return rows.length > 0;
  }
}
