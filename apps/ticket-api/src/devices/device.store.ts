import { Injectable } from '@nestjs/common';
import type { Device } from '@app/contracts';
import { Database } from '@app/persistence';

/** What an upload tells of the device that sends it. */
export interface Sync {
  /** Milliseconds; null: it did not say what its clock shows. */
  clockDifferenceMs: number | null;
}

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Selects devices as organizers see them. */
const VIEW = `
  select d.id, k.name, d.event_id as "eventId", d.gate, k.last4, ${time('k.created_at')} as "createdAt",
    json_build_object('id', u.id, 'name', u.name) as "createdBy", ${time('k.last_used_at')} as "lastSeenAt",
    ${time('d.last_sync_at')} as "lastSyncAt", d.clock_difference_ms::float8 as "clockDifferenceMs",
    ${time('k.revoked_at')} as "revokedAt"
  from devices d join api_keys k on k.tenant_id = d.tenant_id and k.id = d.id join users u on u.id = k.created_by`;

/** Scanning devices: keys that admit, and what is known of who has them. Works in the organization's open transaction. */
@Injectable()
export class DeviceStore {
  constructor(private readonly database: Database) {}

  /** Until the transaction ends nobody else registers a device of this organization. @returns devices that count now */
  async countLive(tenantId: string): Promise<number> {
    const transaction = this.database.current();
    await transaction.query('select from organizations where tenant_id = $1 for no key update', [tenantId]);
    const [row] = await transaction.query<{ live: number }>(
      `select count(*)::int as live from devices d join api_keys k on k.tenant_id = d.tenant_id and k.id = d.id
       where k.revoked_at is null`,
    );
    return row!.live;
  }

  /** Its key is there already. @returns undefined when the organization has no such event */
  async add(tenantId: string, { id, eventId = null, gate = null }: NewDeviceRow): Promise<Device | undefined> {
    const transaction = this.database.current();
    const added = await transaction.execute(
      `insert into devices (tenant_id, id, event_id, gate)
       select $1, $2, $3, $4 where $3::uuid is null or exists (select from events e where e.tenant_id = $1 and e.id = $3)`,
      [tenantId, id, eventId, gate],
    );
    if (added === 0) return undefined;
    const [view] = await transaction.query<Device>(`${VIEW} where d.id = $1`, [id]);
    return view;
  }

  /** Newest first. */
  page(before: string | null, limit: number): Promise<Device[]> {
    return this.database
      .current()
      .query<Device>(`${VIEW} where $1::uuid is null or d.id < $1 order by d.id desc limit $2`, [before, limit]);
  }

  /** @returns whether this ended the device; undefined when the organization has no such device */
  async revoke(id: string): Promise<boolean | undefined> {
    const transaction = this.database.current();
    const ended = await transaction.execute(
      `update api_keys k set revoked_at = now() where id = $1 and revoked_at is null
         and exists (select from devices d where d.tenant_id = k.tenant_id and d.id = k.id)`,
      [id],
    );
    if (ended === 1) return true;
    const rows = await transaction.query('select from devices where id = $1', [id]);
    return rows.length > 0 ? false : undefined;
  }

  /** Of these ids, those of registered devices. */
  async known(ids: readonly string[]): Promise<{ id: string; gate: string | null; revokedAt: Date | null }[]> {
    if (ids.length === 0) return [];
    return this.database.current().query(
      `select d.id, d.gate, k.revoked_at as "revokedAt"
       from devices d join api_keys k on k.tenant_id = d.tenant_id and k.id = d.id where d.id = any ($1)`,
      [ids],
    );
  }

  /** What is told of a clock that nobody told stays. */
  async noteSync(id: string, { clockDifferenceMs }: Sync): Promise<void> {
    await this.database
      .current()
      .execute(
        'update devices set last_sync_at = now(), clock_difference_ms = coalesce($2, clock_difference_ms) where id = $1',
        [id, clockDifferenceMs],
      );
  }
}

type NewDeviceRow = { id: string; eventId?: string | null; gate?: string | null };
