import type { World } from '../platform/world.js';
import type { ServiceName } from '../platform/databases.js';

/** What is still on its way, by service: each a count of rows that time or the provider will move. */
const MOVING: Readonly<Record<ServiceName, string>> = {
  'ticket-api': `
    select 'messages in its outbox' as what, count(*)::int as count from outbox
    union all select 'holds', count(*)::int from orders where tenant_id = $1 and status = 'pending'
    union all select 'events to sweep', count(*)::int from events
      where tenant_id = $1 and status = 'cancelled' and orders_ended_at is null`,
  'payment-service': `
    select 'messages in its outbox' as what, count(*)::int as count from outbox where $1::uuid is not null
    union all select 'open sessions', count(*)::int from payments where tenant_id = $1 and status in ('opening', 'open')
    union all select 'refunds under way', count(*)::int from refunds where tenant_id = $1 and status = 'pending'
    union all select 'events that wait', count(*)::int from webhook_events where status = 'waiting'`,
  'notification-service': `
    select 'messages in its outbox' as what, count(*)::int as count from outbox
    union all select 'mails', count(*)::int from mails where tenant_id = $1 and status = 'queued'`,
};

/** @returns in words, what is not at rest yet */
export async function notAtRest({ databases }: World, tenantId: string): Promise<string[]> {
  const left: string[] = [];
  for (const [service, sql] of Object.entries(MOVING) as [ServiceName, string][])
    for (const { what, count } of await databases.ask<{ what: string; count: number }>(service, sql, [tenantId]))
      if (count > 0) left.push(`${count} ${what} (${service})`);
  return left;
}
