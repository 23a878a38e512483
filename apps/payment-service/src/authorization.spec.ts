import { Controller, Module, Param } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateServiceKeys, type Identity } from '@app/auth';
import { ApiScope, operations, type Operation, type Role } from '@app/contracts';
import { InternalGet, openService, type RunningService } from '@app/http';
import { notFound } from '@app/problem-details';
import {
  createTestDatabase,
  faultsOfInternalRoutes,
  hasScopes,
  idOf,
  isKey,
  judgeMatrix,
  type MatrixCaller,
  type MatrixTarget,
  type MatrixTenant,
  type TestDatabase,
  type Verdict,
} from '@app/testing';
import { v7 as uuid } from 'uuid';
import { readConfig } from './config.js';
import { migrations } from './migrations/index.js';
import { paymentService } from './payment-service.js';
import { addPaidPayment, newRefund } from './testing/paid-payment.js';

const ADMIN = 'admin@platform.example';
const keys = generateServiceKeys(['api-gateway', 'ticket-api', 'payment-service', 'notification-service']);
const handled = operations.filter(({ service }) => service === 'payment-service');
const memberships = new Map<string, { id: string; role: string }[]>();

@Controller()
class TicketApi {
  @InternalGet('/internal/users/:userId/organizations', { callers: ['payment-service'] })
  organizations(@Param('userId') userId: string) {
    return { data: memberships.get(userId) ?? [] };
  }
  @InternalGet('/internal/orders/:orderId/payable', { callers: ['payment-service'] })
  payable() {
    throw notFound('The order');
  }
}
@Module({ controllers: [TicketApi] })
class TicketApiModule {}

let db: TestDatabase;
let ticketApi: RunningService;
let service: RunningService;
beforeAll(async () => {
  db = await createTestDatabase(migrations, 'spec_authorization');
  ticketApi = await openService(
    { name: 'ticket-api', module: () => TicketApiModule, operations: [] },
    { ...{ port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent' }, ...keys['ticket-api']! },
  );
  const { signingKey, publicKeys } = keys['payment-service']!;
  const config = readConfig({
    ...{ PORT: '0', INTERNAL_PORT: '0', LOG_LEVEL: 'silent', PLATFORM_ADMINS: ADMIN },
    ...{ DATABASE_URL: db.url, BROKER_DATABASE_URL: `${db.url}_broker_that_is_away` },
    ...{ SERVICE_SIGNING_KEY: signingKey, SERVICE_PUBLIC_KEYS: JSON.stringify(publicKeys) },
    ...{ CHECKOUT_LINK_SECRET: 'a secret that only this spec uses', TICKET_API_INTERNAL_URL: ticketApi.internalUrl },
    ...{
      STRIPE_SECRET_KEY: 'sk_test_spec',
      STRIPE_WEBHOOK_SECRET: 'whsec_spec',
      STRIPE_API_BASE: 'http://127.0.0.1:9',
    },
  });
  const { strategy: _, ...withoutMessages } = paymentService;
  service = await openService(withoutMessages, config);
});
afterAll(async () => {
  await service?.close();
  await ticketApi?.close();
  await db?.drop();
});

it('internal routes let in the services that they name, and nobody else', async () => {
  expect(await faultsOfInternalRoutes(service, 'payment-service', keys)).toEqual([]);
});

/**
 * The authorization matrix of payment-service: every operation of the contract, asked for about an order, a refund and a
 * difference by every role of two organizations, as a person, as a key, as nobody and with a forged token. It is told a second
 * time here who may. The refund has been made, so that who may decide on it hears 409 and changes nothing.
 */
describe('the authorization matrix', () => {
  const callers: MatrixCaller[] = [];
  const targets: MatrixTarget[] = [];

  function person(email = `${uuid()}@example.org`): Identity {
    return { userId: uuid(), email, name: 'Ada', emailVerified: true, sessionId: uuid() };
  }

  async function seed(tenant: MatrixTenant): Promise<void> {
    const payment = await addPaidPayment(db, { putAside: 4500 });
    const { tenantId, orderId } = payment;
    const buyer = { ...person(), userId: payment.userId };
    await db.asOwner(
      `update owed_orders set user_id = $1, buyer_email = $2, event_title = 'Night', items = '[]', total = 9000, currency = 'EUR', expires_at = now()
       where order_id = $3`,
      [buyer.userId, buyer.email, orderId],
    );
    const [sql, parameters] = newRefund(payment, 4500);
    await db.asOwner(sql, parameters);
    const refundId = parameters[0] as string;
    const differenceId = uuid();
    await db.asOwner(`update refunds set status = 'succeeded', provider_refund_id = $1::text where id = $1::uuid`, [
      refundId,
    ]);
    await db.asOwner(
      `insert into reconciliation_differences (id, kind, about, subject) values ($1::uuid, 'unknown-payment', 'payment', $1::uuid::text)`,
      [differenceId],
    );
    await db.asOwner(
      `insert into reconciliation_differences (id, tenant_id, kind, about, subject, order_id, refund_id) values ($1::uuid, $2, 'refund-differs', 'refund', $1::uuid::text, $3, $4)`,
      [uuid(), tenantId, orderId, refundId],
    );
    callers.push({ name: `the buyer of ${tenant}`, as: buyer });
    for (const role of ['owner', 'organizer', 'scanner'] satisfies Role[]) {
      const as = person();
      memberships.set(as.userId, [{ id: tenantId, role }]);
      callers.push({ name: `the ${role} of ${tenant}`, as, tenant, role });
    }
    for (const scopes of [ApiScope.options, []]) {
      const as = { keyId: uuid(), tenantId, name: 'Shop', scopes };
      callers.push({ name: `a key of ${tenant} with ${scopes.length} scopes`, as, tenant, role: 'organizer' });
    }
    targets.push({
      name: tenant,
      tenant,
      params: { orderId, refundId, differenceId, tenantId },
      buyerId: buyer.userId,
    });
  }

  const ofOrganization = (op: Operation) => op.id === 'listRefunds' || op.id === 'getReconciliation';

  function expected(op: Operation, caller: MatrixCaller, target: MatrixTarget): Verdict {
    const { as, role, tenant } = caller;
    if (caller.isForged) return 'unauthenticated';
    // Nobody here has the link to a checkout, which alone opens it.
    if (op.access === 'anyone') return op.path.includes(':') ? 'not-found' : 'allowed';
    if (as === null) return 'unauthenticated';
    if (op.access === 'admin') return caller.isAdmin ? 'allowed' : 'forbidden';
    if (!hasScopes(op, as)) return 'forbidden';
    if ((role === 'owner' || role === 'organizer') && tenant === target.tenant) return 'allowed';
    if (ofOrganization(op)) return 'forbidden';
    return op.id === 'getPayment' && idOf(caller) === target.buyerId ? 'allowed' : 'not-found';
  }

  it('holds for every operation, caller and organization; who is refused changes nothing and learns no id', async () => {
    callers.push({ name: 'nobody', as: null }, { name: 'a forged token', as: null, isForged: true });
    callers.push({ name: 'a stranger', as: person() });
    callers.push({ name: 'the administrator', as: person(ADMIN), isAdmin: true });
    callers.push({ name: 'who only says to be the administrator', as: { ...person(ADMIN), emailVerified: false } });
    callers.push({ name: "another issuer's administrator", as: { ...person(ADMIN), issuer: 'https://id.example' } });
    for (const tenant of ['ours', 'theirs'] as const) await seed(tenant);
    const { faults, asked } = await judgeMatrix({
      ...{ db, operations: handled, callers, targets, expected },
      service: { name: 'payment-service', url: service.url, gatewayKeys: keys['api-gateway']! },
      isAbout: () => true,
      isAsked: () => true,
      queryOf: (op, { params }) => (ofOrganization(op) ? `?organizationId=${params.tenantId}` : ''),
      // Refunds are judged after the body has been read: one that fits.
      bodyOf: ({ id, body }) => (id === 'settleRefund' ? { note: 'in cash' } : body ? { nonsense: true } : undefined),
      // Written by the comparison with the provider, which is away.
      unwatched: ['reconciliation_runs'],
    });
    expect(faults).toEqual([]);
    expect(asked).toBe(handled.length * 2 * 18);
    expect(callers.filter(({ as }) => isKey(as))).toHaveLength(4);
  });
});
