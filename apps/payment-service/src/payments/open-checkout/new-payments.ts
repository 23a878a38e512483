import { Inject, Injectable } from '@nestjs/common';
import { requestContext } from '@app/observability';
import { Database } from '@app/persistence';
import { v7 as uuid } from 'uuid';
import { CONFIG, type Config } from '../../config.js';
import type { OwedOrder } from '../owed-order.js';
import { PaymentAccountStore } from '../payment-account.store.js';
import type { Payment } from '../payment-row.js';
import { PaymentStore } from '../payment.store.js';
import { checkoutAddresses } from './checkout-link.js';
import { sessionParameters } from './session-parameters.js';

/** Writes down what the provider will be asked for an order, before anybody asks. */
@Injectable()
export class NewPayments {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(PaymentStore) private readonly payments: PaymentStore,
    @Inject(PaymentAccountStore) private readonly accounts: PaymentAccountStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** In the open transaction, which has locked the order. @throws UnpayableAmount */
  async add(order: OwedOrder): Promise<Payment> {
    const { publicUrl, checkoutLinkSecret: secret, stripe } = this.config;
    const [clock] = await this.database.current().query<{ now: Date }>('select now()');
    const addresses = checkoutAddresses(order.orderId, { publicUrl, secret });
    const paymentId = uuid();
    const wish = { paymentId, addresses, paymentMethodTypes: stripe.paymentMethodTypes, now: clock?.now as Date };
    return this.payments.insert({
      id: paymentId,
      tenantId: order.tenantId,
      orderId: order.orderId,
      userId: order.userId,
      accountId: await this.accounts.current(order.tenantId),
      owed: order.total,
      correlationId: order.correlationId ?? requestContext.getStore()?.correlationId ?? order.orderId,
      idempotencyKey: `checkout:${paymentId}`,
      parameters: sessionParameters(order, wish),
      closeDueAt: order.expiresAt,
    });
  }
}
