import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { openCheckout, problems, type CheckoutQuery } from '@app/contracts';
import { Operation } from '@app/http';
import { notFound, ProblemError, RETRY_AFTER_SECONDS } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '../../config.js';
import { isCheckoutSignature } from './checkout-link.js';
import { unavailablePage } from '../return-from-checkout/return-page.js';
import { PAGE_HEADERS, StandingPages } from '../return-from-checkout/standing-pages.js';
import { OpenCheckoutCommand } from './open-checkout.js';
import { PendingOrders } from './pending-orders.js';
import { wantsPage } from './wants-page.js';

/** `checkoutUrl`: from our own address to the provider's page. */
@Controller()
export class OpenCheckoutController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(PendingOrders) private readonly pending: PendingOrders,
    @Inject(StandingPages) private readonly pages: StandingPages,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Operation(openCheckout)
  async open(
    @Param('orderId') orderId: string,
    @Query() { signature }: CheckoutQuery,
    @Req() { method, headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    void reply.headers({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store', vary: 'accept' });
    if (!isCheckoutSignature(orderId, signature, this.config.checkoutLinkSecret)) throw notFound('The order');
    try {
      // Link previews and scanners of mails ask with HEAD: they open nothing.
      if (method === 'HEAD') {
        await this.pending.check(orderId);
        return void reply.status(204).send();
      }
      await reply.redirect(await this.commands.execute(new OpenCheckoutCommand(orderId)), 303);
    } catch (error) {
      const page = wantsPage(headers.accept) ? await this.pageOf(error, orderId) : undefined;
      if (!page) throw error;
      if (page.status === 503) void reply.header('retry-after', String(RETRY_AFTER_SECONDS));
      await reply.status(page.status).headers(PAGE_HEADERS).send(page.html);
    }
  }

  /** What a browser shows of a refusal; undefined when it is told as to everybody. */
  private async pageOf(error: unknown, orderId: string): Promise<{ status: number; html: string } | undefined> {
    if (!(error instanceof ProblemError)) return undefined;
    const { status } = problems[error.code];
    if (error.code === 'gone') return { status, html: await this.pages.whenOver(orderId) };
    if (error.code === 'service-unavailable') return { status, html: unavailablePage(error.message) };
    return undefined;
  }
}
