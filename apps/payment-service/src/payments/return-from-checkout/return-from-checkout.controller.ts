import { Controller, Inject, Param, Query, Res } from '@nestjs/common';
import { returnFromCheckout, type CheckoutQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { Database } from '@app/persistence';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '../../config.js';
import { checkoutAddresses, isCheckoutSignature } from '../open-checkout/checkout-link.js';
import { OwedOrderStore } from '../owed-order.store.js';
import type { PaymentStatus } from '../payment.js';
import { returnPage } from './return-page.js';

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Where the provider's page sends the buyer, paid or not. The link alone suffices, as for the checkout itself. */
@Controller()
export class ReturnFromCheckoutController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(OwedOrderStore) private readonly orders: OwedOrderStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Operation(returnFromCheckout)
  async show(
    @Param('orderId') orderId: string,
    @Query() { signature }: CheckoutQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { publicUrl, checkoutLinkSecret: secret } = this.config;
    if (!isCheckoutSignature(orderId, signature, secret)) throw notFound('The order');
    const { checkoutUrl } = checkoutAddresses(orderId, { publicUrl, secret });
    await reply.headers(headers).send(returnPage(await this.statuses(orderId), checkoutUrl));
  }

  private async statuses(orderId: string): Promise<PaymentStatus[]> {
    const tenantId = await this.orders.locate(orderId);
    if (!tenantId) return [];
    const rows = await this.database.asTenant(tenantId, (transaction) =>
      transaction.query<{ status: PaymentStatus }>('select status from payments where order_id = $1', [orderId]),
    );
    return rows.map(({ status }) => status);
  }
}
