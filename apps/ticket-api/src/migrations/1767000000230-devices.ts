import { openJobDoor, protectTenantTable, rolesOf } from '@app/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Handhelds that scan. A device is a key of its organization with the same id: who revokes the one has revoked the other.
 * Whose key it is, is told with whether it is a device's, and for which event.
 */
export class Devices1767000000230 implements MigrationInterface {
  name = 'Devices1767000000230';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table devices (
        tenant_id uuid not null,
        id uuid not null unique,
        event_id uuid,
        gate text,
        last_sync_at timestamptz,
        clock_difference_ms bigint,
        primary key (tenant_id, id),
        foreign key (tenant_id, id) references api_keys (tenant_id, id),
        foreign key (tenant_id, event_id) references events (tenant_id, id)
      );
    `);
    await protectTenantTable(runner, 'devices', 'select, insert, update (last_sync_at, clock_difference_ms)');
    await openJobDoor(runner, 'devices', 'select (tenant_id, id, event_id)');
    await replaceFindApiKey(runner, true);
  }

  async down(runner: QueryRunner): Promise<void> {
    await replaceFindApiKey(runner, false);
    // Without their device they would be keys without a limit to one event.
    await runner.query(`
      update api_keys k set revoked_at = coalesce(revoked_at, now()) from devices d where d.id = k.id;
      drop table devices;
    `);
  }
}

/** A function's columns cannot be changed: it is made anew, with the same owner and rights. Callers name the columns. */
async function replaceFindApiKey(runner: QueryRunner, withDevices: boolean): Promise<void> {
  const { app, code } = await rolesOf(runner);
  const [columns, values, join] = withDevices
    ? [
        ', is_device boolean, event_id uuid',
        ', d.id is not null, d.event_id',
        'left join devices d on d.tenant_id = k.tenant_id and d.id = k.id',
      ]
    : ['', '', ''];
  // A function's new owner needs CREATE on the schema at that moment.
  await runner.query(`
    grant create on schema public to ${code};
    drop function find_api_key(bytea);
    create function find_api_key(wanted bytea)
      returns table (id uuid, tenant_id uuid, name text, scopes text[], rate_limit int, expires_at timestamptz, is_suspended boolean${columns})
      language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
      select k.id, k.tenant_id, k.name, k.scopes, k.rate_limit, k.expires_at, o.suspended_at is not null${values}
      from api_keys k join organizations o on o.tenant_id = k.tenant_id ${join}
      where k.key_hash = wanted and k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) $$;
    alter function find_api_key(bytea) owner to ${code};
    revoke all on function find_api_key(bytea) from public;
    grant execute on function find_api_key(bytea) to ${app};
    revoke create on schema public from ${code};
  `);
}
