import { Injectable } from '@nestjs/common';
import { API_KEY_PREFIX } from '@app/auth';
import type { ApiKeyView, CreateApiKey, FoundApiKey } from '@app/contracts';
import { Database } from '@app/persistence';

export interface NewApiKey extends CreateApiKey {
  id: string;
  hash: Buffer;
  last4: string;
  createdBy: string;
}

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Selects keys as their owners see them. */
const VIEW = `
  select k.id, k.name, k.scopes, '${API_KEY_PREFIX}' as prefix, k.last4, k.rate_limit as "rateLimit", ${time('k.created_at')} as "createdAt",
    json_build_object('id', u.id, 'name', u.name) as "createdBy", ${time('k.last_used_at')} as "lastUsedAt",
    ${time('k.expires_at')} as "expiresAt", ${time('k.revoked_at')} as "revokedAt"
  from api_keys k join users u on u.id = k.created_by`;

/** Scanning devices are listed and ended as such. */
const IS_NO_DEVICE = 'not exists (select from devices d where d.tenant_id = k.tenant_id and d.id = k.id)';

/** Keys of organizations. Every method works in the organization's open transaction, but for those that say otherwise. */
@Injectable()
export class ApiKeyStore {
  constructor(private readonly database: Database) {}

  /** Until the transaction ends nobody else makes a key of this organization. @returns keys that count now */
  async countLive(tenantId: string): Promise<number> {
    const transaction = this.database.current();
    await transaction.query('select from organizations where tenant_id = $1 for no key update', [tenantId]);
    const [row] = await transaction.query<{ live: number }>(
      `select count(*)::int as live from api_keys k where revoked_at is null and (expires_at is null or expires_at > now())
         and ${IS_NO_DEVICE}`,
    );
    return row!.live;
  }

  async add(tenantId: string, key: NewApiKey): Promise<ApiKeyView> {
    const { id, name, scopes, hash, last4, rateLimit = null, createdBy, expiresAt = null } = key;
    await this.database.current().execute(
      `insert into api_keys (tenant_id, id, name, scopes, key_hash, last4, rate_limit, created_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [tenantId, id, name, scopes, hash, last4, rateLimit, createdBy, expiresAt],
    );
    const [view] = await this.database.current().query<ApiKeyView>(`${VIEW} where k.id = $1`, [id]);
    return view!;
  }

  /** Newest first. */
  page(before: string | null, limit: number): Promise<ApiKeyView[]> {
    return this.database
      .current()
      .query<ApiKeyView>(
        `${VIEW} where ($1::uuid is null or k.id < $1) and ${IS_NO_DEVICE} order by k.id desc limit $2`,
        [before, limit],
      );
  }

  /** @returns whether this ended the key; undefined when the organization has no such key */
  async revoke(id: string): Promise<boolean | undefined> {
    const transaction = this.database.current();
    const ended = await transaction.execute(
      `update api_keys k set revoked_at = now() where id = $1 and revoked_at is null and ${IS_NO_DEVICE}`,
      [id],
    );
    if (ended === 1) return true;
    const rows = await transaction.query(`select from api_keys k where id = $1 and ${IS_NO_DEVICE}`, [id]);
    return rows.length > 0 ? false : undefined;
  }

  /** A key that may be used now, by its hash, at whichever organization. Needs no transaction. */
  async find(hash: Buffer): Promise<FoundApiKey['key']> {
    const [row] = await this.database.lookUp<FoundApiKey['key']>(
      `select id, tenant_id as "tenantId", name, scopes, rate_limit as "rateLimit", ${time('expires_at')} as "expiresAt",
         is_suspended as suspended, case when is_device then json_build_object('eventId', event_id) end as device
       from find_api_key($1)`,
      [hash],
    );
    return row ?? null;
  }

  /** At most once a minute for each key, at whichever organization. Opens its own transaction. */
  async noteUse(ids: readonly string[]): Promise<void> {
    await this.database.asJob((transaction) =>
      transaction.execute(
        `update api_keys set last_used_at = now()
         where id = any ($1) and (last_used_at is null or last_used_at < now() - interval '1 minute')`,
        [ids],
      ),
    );
  }
}
