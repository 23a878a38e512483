import { Controller, Inject, Param, Query, Res } from '@nestjs/common';
import { returnFromCheckout, type ReturnQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { notFound } from '@app/problem-details';
import type { FastifyReply } from 'fastify';
import { CONFIG, type Config } from '../../config.js';
import { isCheckoutSignature } from '../open-checkout/checkout-link.js';
import { PAGE_HEADERS, StandingPages } from './standing-pages.js';

/** Where the provider's page sends the buyer, paid or not. The link alone suffices, as for the checkout itself. */
@Controller()
export class ReturnFromCheckoutController {
  constructor(
    @Inject(StandingPages) private readonly pages: StandingPages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Operation(returnFromCheckout)
  async show(
    @Param('orderId') orderId: string,
    @Query() { signature, outcome }: ReturnQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!isCheckoutSignature(orderId, signature, this.config.checkoutLinkSecret)) throw notFound('The order');
    await reply.headers(PAGE_HEADERS).send(await this.pages.afterCheckout(orderId, outcome));
  }
}
