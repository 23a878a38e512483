import { Injectable } from '@nestjs/common';
import type { CheckinConflict } from '@app/contracts';
import { Database } from '@app/persistence';

interface Row extends CheckinConflict {
  key: string;
}

const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A scan as the report tells it. */
const SCAN = `json_build_object('scanId', s.scan_id, 'gate', s.gate, 'scannedAt', ${time('s.scanned_at')},
  'recordedAt', ${time('s.recorded_at')}, 'reason', s.reason, 'device', case when coalesce(s.device_id, d.id::text) is not null then
    json_build_object('id', coalesce(s.device_id, d.id::text), 'name', k.name, 'registered', k.id is not null) end)`;
const DEVICE = `left join devices d on d.tenant_id = s.tenant_id and d.id::text = coalesce(s.device_id, s.by_key::text)
  left join api_keys k on k.tenant_id = d.tenant_id and k.id = d.id`;

/** What an organizer has to look into after gates were without network. */
@Injectable()
export class ReadConflicts {
  constructor(private readonly database: Database) {}

  /** By ticket; what was of no ticket stands for itself. Within the open transaction of the event's organization. */
  page(eventId: string, after: string | null, limit: number): Promise<Row[]> {
    return this.database.current().query<Row>(
      `with found as (
         select distinct coalesce(ticket_id, id) as key from gate_scans
         where event_id = $1 and (result = 'conflict' or remark is not null) and ($2::uuid is null or coalesce(ticket_id, id) > $2)
         order by key limit $3
       )
       select f.key, t.id as "ticketId", t.number::text as number,
         (select ${SCAN} from gate_scans s ${DEVICE}
          where s.ticket_id = f.key and s.result = 'admitted' and s.undone_at is null) as counts,
         (select coalesce(json_agg(${SCAN} order by s.scanned_at, s.id), '[]') from gate_scans s ${DEVICE}
          where s.event_id = $1 and coalesce(s.ticket_id, s.id) = f.key and s.result = 'conflict') as others
       from found f left join tickets t on t.id = f.key order by f.key`,
      [eventId, after, limit],
    );
  }
}
