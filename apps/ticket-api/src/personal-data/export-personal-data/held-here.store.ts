import { Injectable } from '@nestjs/common';
import { EXPORTED_ROWS, PLATFORM_TENANT, type PersonalData } from '@app/contracts';
import { Database, jsonInstant as instant, jsonRows } from '@app/persistence';
import { ProblemError } from '@app/problem-details';

type HeldHere = Omit<PersonalData, 'exportedAt' | 'leftOut' | 'payments' | 'mails'>;
type Row = Omit<HeldHere, 'account'> & { account: HeldHere['account'] | null };

/** Seconds between two exports of a person. */
const PAUSE = 60;
const rows = (select: string) => jsonRows(`${select} limit ${EXPORTED_ROWS + 1}`);
const created = (table: string) => `${instant(`${table}.created_at`)} as "createdAt"`;

const proof = (table: string, kind: string) =>
  `select '${kind}' as kind, email, ${created(table)}, ${instant('expires_at')} as "expiresAt" from ${table} where user_id = $1`;

/** Everything about the person `$1`, through the person's door, in one statement: as of one moment. */
const HELD = `select
  (select row_to_json(row) from (
    select u.id, u.email, u.name, ${instant('u.email_verified_at')} as "emailVerifiedAt", ${created('u')},
      ${instant('f.confirmed_at')} as "secondFactorSince",
      (select count(*) from recovery_codes where user_id = u.id)::int as "recoveryCodesLeft"
    from users u left join second_factors f on f.user_id = u.id where u.id = $1 and u.erased_at is null) row) as account,
  ${rows(`select issuer, subject, ${created('external_identities')} from external_identities
    where user_id = $1 and subject is not null order by created_at desc`)} as "externalIdentities",
  ${rows(`${proof('email_verifications', 'email-verification')} union all ${proof('password_resets', 'password-reset')}`)} as proofs,
  ${rows(`select id, ${created('sessions')}, ${instant('last_used_at')} as "lastUsedAt", network, user_agent as "userAgent",
      ${instant('least(revoked_at, case when expires_at < now() then expires_at end, case when ends_at < now() then ends_at end)')} as "endedAt"
    from sessions where user_id = $1 order by id desc`)} as sessions,
  ${rows(`select m.tenant_id as "organizationId", o.name as organization, m.role, ${instant('m.created_at')} as since
    from members m join organizations o using (tenant_id) where m.user_id = $1 order by m.tenant_id desc`)} as memberships,
  ${rows(`select id, tenant_id as "organizationId", role, ${created('invitations')}, ${instant('expires_at')} as "expiresAt",
      ${instant('accepted_at')} as "acceptedAt"
    from invitations where email = (select u.email from users u where u.id = $1) order by id desc`)} as invitations,
  ${rows(`select tenant_id as "organizationId", kind, ${created('mail_preferences')} from mail_preferences
    where user_id = $1 order by tenant_id desc`)} as unsubscribed,
  ${rows(`select o.id, o.event_id as "eventId", coalesce(e.title, '') as event, o.status, o.reason, o.refunded, ${created('o')},
      json_build_object('amount', o.total, 'currency', o.currency) as total,
      ${jsonRows(`select i.ticket_type_id as "ticketTypeId", i.name, i.quantity, i.unit_price as "unitPrice" from order_items i
        where i.tenant_id = o.tenant_id and i.order_id = o.id order by i.ticket_type_id`)} as items
    from orders o left join events e on e.tenant_id = o.tenant_id and e.id = o.event_id
    where o.user_id = $1 order by o.id desc`)} as orders,
  ${rows(`select s.order_id as "orderId", s.step, ${instant('s.at')} as at, s.detail ->> 'recipient' as recipient
    from orders o join order_steps s on s.tenant_id = o.tenant_id and s.order_id = o.id
    where o.user_id = $1 order by s.order_id desc, s.at desc`)} as steps,
  ${rows(`select id, order_id as "orderId", event_id as "eventId", status, number::text as number,
      ${instant('checked_in_at')} as "checkedInAt", gate, ${instant('left_at')} as "leftAt", ${created('tickets')}
    from tickets where holder_id = $1 or (tenant_id, order_id) in (select tenant_id, id from orders where user_id = $1)
    order by id desc`)} as tickets,
  ${rows(`select id, ticket_id as "ticketId", event_id as "eventId", status,
      case when from_user = $1 then 'outgoing' else 'incoming' end as direction,
      ${created('transfers')}, ${instant('expires_at')} as "expiresAt", ${instant('ended_at')} as "endedAt"
    from transfers where from_user = $1 or to_user = $1 or to_email = (select u.email from users u where u.id = $1)
    order by id desc`)} as transfers,
  ${rows(`select s.ticket_id as "ticketId", s.event_id as "eventId", s.result, s.gate, ${instant('s.scanned_at')} as at,
      ${instant('s.undone_at')} as "undoneAt"
    from tickets t join gate_scans s on s.tenant_id = t.tenant_id and s.ticket_id = t.id
    where t.holder_id = $1 order by s.recorded_at desc, s.id desc`)} as scans,
  ${rows(`select tenant_id as "organizationId", event_id as "eventId", result, reason, gate, ${instant('scanned_at')} as at
    from gate_scans where by_user = $1 order by recorded_at desc, id desc`)} as scanned,
  ${rows(`select r.id, r.order_id as "orderId", r.status, r.reason, r.override_reason as "overrideReason", ${created('r')},
      json_build_object('amount', r.amount, 'currency', coalesce(r.currency, o.currency)) as amount, ${instant('r.settled_at')} as "settledAt"
    from orders o join refunds r on r.tenant_id = o.tenant_id and r.order_id = o.id
    where o.user_id = $1 order by r.id desc`)} as refunds,
  ${rows(`select w.id, w.event_id as "eventId", w.ticket_type_id as "ticketTypeId", w.quantity, w.status, w.reason, w.order_id as "orderId",
      ${created('w')} from waiting_list_entries w where w.user_id = $1 order by w.id desc`)} as waiting,
  ${rows(`select l.id, l.ticket_id as "ticketId", l.status, json_build_object('amount', l.price, 'currency', o.currency) as price,
      ${instant('l.listed_at')} as "listedAt", ${instant('l.ended_at')} as "endedAt"
    from orders o join listings l on l.tenant_id = o.tenant_id and l.order_id = o.id
    where o.user_id = $1 order by l.id desc`)} as listings,
  ${rows(`select tenant_id as "organizationId", ${instant('at')} as at, action, network,
      json_build_object('kind', target_kind, 'id', target_id) as target
    from audit_log_entries where actor_id = $1 and actor_kind <> 'key' order by id desc`)} as deeds`;

@Injectable()
export class HeldHereStore {
  constructor(private readonly database: Database) {}

  /** @throws ProblemError `unauthenticated` for an account that was erased. */
  async read(userId: string): Promise<HeldHere> {
    const [held] = await this.database.asPerson(userId, (transaction) => transaction.query<Row>(HELD, [userId]));
    const { account, ...lists } = held!;
    if (!account) throw new ProblemError('unauthenticated', 'This account was erased.');
    return { account, ...lists };
  }

  /** @returns false within a minute of the last export that began; true for nobody, whom `read` refuses. */
  async begin(userId: string): Promise<boolean> {
    const sql = `update users set exported_at = now() where id = $1 and (exported_at is null or exported_at <= now() - make_interval(secs => ${PAUSE}))`;
    return (await this.change(sql, userId)) === 1 || (await this.secondsToWait(userId)) === 0;
  }

  async secondsToWait(userId: string): Promise<number> {
    const sql = `select ceil(extract(epoch from exported_at + make_interval(secs => ${PAUSE}) - now()))::int as seconds
      from users where id = $1`;
    const [row] = await this.database.lookUp<{ seconds: number | null }>(sql, [userId]);
    return Math.max(row?.seconds ?? 0, 0);
  }

  /** One that failed is no export. */
  async letAgain(userId: string): Promise<void> {
    await this.change('update users set exported_at = null where id = $1', userId);
  }

  private change(sql: string, userId: string): Promise<number> {
    return this.database.asTenant(PLATFORM_TENANT, (transaction) => transaction.execute(sql, [userId]));
  }
}
