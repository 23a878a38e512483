import { Injectable } from '@nestjs/common';
import { isApiKey, type Principal } from '@app/auth';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import { DeviceStore } from '../../devices/devices.module.js';
import type { KnownTicket, LoggedScan, ToldScan, UploadFacts } from './scan-facts.js';
import type { MovedTicket, UploadPlan } from './plan-upload.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
/** Milliseconds since 1970, as numbers go. */
const ms = (column: string) => `floor(extract(epoch from ${column}) * 1000)::float8`;

/** What a batch of scans is judged by, and becomes. Works in the open transaction of the event's organization. */
@Injectable()
export class UploadStore {
  constructor(
    private readonly database: Database,
    private readonly devices: DeviceStore,
  ) {}

  /** Until the transaction ends nobody else admits these tickets. @throws ProblemError `not-found` */
  async read(eventId: string, told: readonly ToldScan[]): Promise<Omit<UploadFacts, 'sentAt'>> {
    const transaction = this.database.current();
    const ticketIds = told.flatMap(({ code }) => (typeof code === 'object' ? [code.ticketId] : []));
    // A statement of its own: those that follow see what whoever held a ticket has done.
    const tickets = await transaction.query<KnownTicket>(
      `select id, ticket_type_id as "ticketTypeId", status, holder_version as "holderVersion", gate, ${ms('created_at')} as "createdAt",
         ${ms('checked_in_at')} as "checkedInAt", ${ms('left_at')} as "leftAt"
       from tickets where id = any ($1) and event_id = $2 order by id for no key update`,
      [ticketIds, eventId],
      'lock-uploaded-tickets',
    );
    const deviceIds = [...new Set(told.map(({ deviceId }) => deviceId).filter((id) => UUID.test(id)))];
    const [[event], logged, devices] = await Promise.all([
      transaction.query<
        { now: number; oldest: number; current: number } & Pick<UploadFacts, 'reentryAllowed' | 'gates'>
      >(
        `select ${ms('now()')} as now, reentry_allowed as "reentryAllowed", oldest_code_generation as oldest,
           code_generation as current,
           array(select json_build_object('name', g.name, 'key', g.key, 'ticketTypeIds', g.ticket_type_ids)
             from gates g where g.tenant_id = e.tenant_id and g.event_id = e.id order by g.key) as gates
         from events e where id = $1`,
        [eventId],
        'rules-of-upload',
      ),
      this.logged(ticketIds, told),
      this.devices.known(deviceIds),
    ]);
    if (!event) throw notFound('The event');
    const { now, reentryAllowed, gates, ...generations } = event;
    return {
      ...{ now, reentryAllowed, gates, generations, tickets, logged },
      devices: devices.map((device) => ({ ...device, revokedAt: device.revokedAt?.getTime() ?? null })),
    };
  }

  private logged(ticketIds: readonly string[], told: readonly ToldScan[]): Promise<LoggedScan[]> {
    const of = (rows: string) =>
      `select id, scan_id, ticket_id, result, reason, remark, gate, device_id, scanned_at, recorded_at, undone_at
       from gate_scans where result <> 'refused' and ${rows}`;
    return this.database.current().query<LoggedScan>(
      `select id, scan_id as "scanId", ticket_id as "ticketId", result, reason, remark, gate, device_id as "deviceId",
         ${ms('scanned_at')} as at, ${ms('recorded_at')} as "recordedAt", ${ms('undone_at')} as "undoneAt"
       from (${of('ticket_id = any ($1)')} union ${of('scan_id = any ($2)')}) scans`,
      [ticketIds, told.map(({ scanId }) => scanId)],
      'logged-scans-of-upload',
    );
  }

  /** @throws ProblemError `service-unavailable` when another upload has told one of these scans in this moment */
  async write(tenantId: string, eventId: string, plan: UploadPlan, who: Principal): Promise<void> {
    // First those that count no longer: one admission of a ticket counts at any moment.
    await this.change(plan.changed.filter(({ result }) => result !== 'admitted'));
    await this.change(plan.changed.filter(({ result }) => result === 'admitted'));
    const added = await this.add(tenantId, eventId, plan.added, who);
    if (added < plan.added.length)
      throw new ProblemError('service-unavailable', 'The same scans are being told by somebody else: try again.');
    await this.admit(plan.tickets);
  }

  private async change(scans: readonly LoggedScan[]): Promise<void> {
    if (scans.length === 0) return;
    await this.database.current().execute(
      `update gate_scans s set result = n.result, reason = n.reason
       from unnest($1::uuid[], $2::text[], $3::text[]) as n (id, result, reason) where s.id = n.id`,
      [scans.map(({ id }) => id), scans.map(({ result }) => result), scans.map(({ reason }) => reason)],
      'change-uploaded-scans',
    );
  }

  private add(tenantId: string, eventId: string, scans: readonly LoggedScan[], who: Principal): Promise<number> {
    if (scans.length === 0) return Promise.resolve(0);
    const column = <T>(of: (scan: LoggedScan) => T) => scans.map(of);
    const [byUser, byKey] = isApiKey(who) ? [null, who.keyId] : [who.userId, null];
    return this.database.current().execute(
      `insert into gate_scans (tenant_id, event_id, by_user, by_key, id, scan_id, ticket_id, result, reason, remark, gate,
         device_id, scanned_at)
       select $1, $2, $3, $4, id, scan_id, ticket_id, result, reason, remark, gate, device_id, to_timestamp(at / 1000)
       from unnest($5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::float8[])
         as n (id, scan_id, ticket_id, result, reason, remark, gate, device_id, at)
       on conflict do nothing`,
      [
        ...[tenantId, eventId, byUser, byKey, column(({ id }) => id), column(({ scanId }) => scanId)],
        ...[column(({ ticketId }) => ticketId), column(({ result }) => result), column(({ reason }) => reason)],
        ...[column(({ remark }) => remark), column(({ gate }) => gate), column(({ deviceId }) => deviceId)],
        column(({ at }) => at),
      ],
      'add-uploaded-scans',
    );
  }

  /** Locked and judged before; times to the microsecond as the log has them. */
  private async admit(tickets: readonly MovedTicket[]): Promise<void> {
    if (tickets.length === 0) return;
    await this.database.current().execute(
      `update tickets t set status = 'checked_in', left_at = n.left_at,
         checked_in_at = coalesce(n.entered_at, t.checked_in_at), gate = case when n.entered_at is null then t.gate else n.gate end
       from (
         select m.id, i.scanned_at as entered_at, i.gate, o.scanned_at as left_at
         from unnest($1::uuid[], $2::uuid[], $3::uuid[]) as m (id, entered_by, left_by)
         left join gate_scans i on i.id = m.entered_by and i.ticket_id = m.id
         left join gate_scans o on o.id = m.left_by and o.ticket_id = m.id
       ) n where t.id = n.id and t.status in ('valid', 'checked_in')`,
      [tickets.map(({ id }) => id), tickets.map(({ enteredBy }) => enteredBy), tickets.map(({ leftBy }) => leftBy)],
      'admit-uploaded-tickets',
    );
  }
}
