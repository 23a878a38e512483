import { Injectable } from '@nestjs/common';
import { Id, type AuditLogEntry, type AuditLogQuery } from '@app/contracts';
import { decodeCursor, encodeCursor } from '@app/http';
import { Database } from '@app/persistence';

export interface AuditLogPage {
  data: AuditLogEntry[];
  nextCursor: string | null;
}

type Row = Omit<AuditLogEntry, 'at' | 'actor' | 'target'> & {
  at: Date;
  actor_kind: string;
  actor_id: string;
  actor_name: string | null;
  target_kind: string;
  target_id: string;
  target_name: string | null;
};

/**
 * Names are those of today: an account that was erased has none. Ids are UUIDv7 and so in the order of time; an entry whose
 * transaction took long may come to stand behind a page that was read already.
 */
const PAGE = `
  select e.id, e.at, e.action, e.detail, e.request_id as "requestId", e.actor_kind, e.actor_id, e.target_kind, e.target_id,
    case e.actor_kind when 'key' then e.key_name when 'admin' then 'Platform administration' else actor.name end as actor_name,
    case e.target_kind when 'person' then person.name when 'invitation' then invitation.email end as target_name
  from audit_log_entries e
  left join users actor on e.actor_kind = 'person' and actor.id = e.actor_id
  left join users person on e.target_kind = 'person' and person.id = e.target_id
  left join invitations invitation
    on e.target_kind = 'invitation' and invitation.tenant_id = e.tenant_id and invitation.id = e.target_id
  where e.tenant_id = $1 and ($2::uuid is null or e.id < $2)
    and ($3::text is null or e.action = $3) and ($4::uuid is null or e.actor_id = $4)
    and ($5::timestamptz is null or e.at >= $5) and ($6::timestamptz is null or e.at < $6)
  order by e.id desc limit $7`;

@Injectable()
export class ReadAuditLog {
  constructor(private readonly database: Database) {}

  async page(tenantId: string, { limit, cursor, action, actorId, from, to }: AuditLogQuery): Promise<AuditLogPage> {
    const before = decodeCursor(cursor, Id) ?? null;
    const narrowed = [action ?? null, actorId ?? null, from ?? null, to ?? null];
    const rows = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<Row>(PAGE, [tenantId, before, ...narrowed, limit + 1]),
    );
    const data = rows.slice(0, limit).map(toEntry);
    return { data, nextCursor: rows.length > limit ? encodeCursor(data.at(-1)!.id) : null };
  }
}

const toEntry = ({ id, at, action, detail, requestId, ...row }: Row): AuditLogEntry => ({
  id,
  at: at.toISOString(),
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  action,
  target: { kind: row.target_kind, id: row.target_id, name: row.target_name },
  detail,
  requestId,
});
