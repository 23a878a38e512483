import { Injectable } from '@nestjs/common';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';

export interface RecordedStep {
  at: Date;
  step: string;
  service: string;
  detail: Record<string, unknown>;
}

/** An order's steps, oldest first: what its rows tell, and what was written down because they do not. */
@Injectable()
export class ReadTimeline {
  constructor(private readonly database: Database) {}

  of(tenantId: string, orderId: string): Promise<RecordedStep[]> {
    return this.database.asTenant(tenantId, async (transaction) => {
      const steps = await transaction.query<RecordedStep>(READ, [orderId]);
      if (steps.length === 0) throw notFound('The order');
      return steps;
    });
  }
}

/** Steps of one transaction have one time: `place` is their order. A refund made at the provider was asked for by nobody here. */
const READ = `
  with wanted as (select * from orders where id = $1),
       issued as (select * from tickets where order_id = $1),
       handed as (select transfers.* from transfers join issued on issued.tenant_id = transfers.tenant_id and issued.id = transfers.ticket_id)
  select at, step, service, detail from (
    select 0 as place, created_at as at, 'order-placed' as step, 'ticket-api' as service,
           jsonb_build_object('total', jsonb_build_object('amount', total, 'currency', currency)) as detail
    from wanted
    union all
    select 1, prolonged_at, 'hold-prolonged', 'ticket-api', jsonb_build_object('reason', 'payment-unavailable')
    from wanted where prolonged_at is not null
    union all
    select 1, min(issued.created_at), 'order-confirmed', 'ticket-api', jsonb_build_object('how', confirmed_how)
    from wanted, issued group by confirmed_how
    union all
    select 2, min(created_at), 'tickets-issued', 'ticket-api', jsonb_build_object('count', count(*))
    from issued having count(*) > 0
    union all
    select 3, refunds.created_at, 'refund-requested', 'ticket-api',
           jsonb_build_object('refundId', refunds.id, 'amount', jsonb_build_object('amount', refunds.amount, 'currency', wanted.currency), 'reason', refunds.reason)
    from refunds, wanted where refunds.order_id = $1 and refunds.reason <> 'provider'
    union all
    select 4, checked_in_at, 'ticket-checked-in', 'ticket-api', jsonb_build_object('ticketId', id, 'gate', gate)
    from issued where checked_in_at is not null
    union all
    select 3, listed_at, 'ticket-listed', 'ticket-api', jsonb_build_object('ticketId', ticket_id)
    from listings where order_id = $1
    union all
    select 2, ended_at, case status when 'sold' then 'ticket-resold' else 'listing-ended' end, 'ticket-api',
           jsonb_build_object('ticketId', ticket_id) || case status when 'sold' then '{}' else jsonb_build_object('reason', status) end
    from listings where order_id = $1 and ended_at is not null
    union all
    select 4, created_at, 'transfer-offered', 'ticket-api', jsonb_build_object('ticketId', ticket_id, 'transferId', id)
    from handed
    union all
    select 4, ended_at, case status when 'accepted' then 'ticket-transferred' else 'transfer-' || status end, 'ticket-api',
           jsonb_strip_nulls(jsonb_build_object('ticketId', ticket_id, 'transferId', id, 'reason', reason))
    from handed where ended_at is not null
    union all
    select 5, at, step, service, detail from order_steps where order_id = $1
  ) as timeline
  order by at, place, step`;
