import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { purchaseTickets, type Order, type PurchaseTickets } from '@app/contracts';
import { Operation } from '@app/http';
import { notFound, ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ResourceAccess } from '../../authorization/authorization.module.js';
import { type Answer, answerWith, RepeatableRequests, requestKey, type RequestKey } from '@app/idempotency';
import { OrderStore } from '../order.store.js';
import { OrderView } from '../order-view.js';
import { PlaceOrderCommand } from '../place-order/place-order.js';

/** Pays for a hold that was made before, or holds and pays in one call: the answer carries the address to pay at. */
@Controller()
export class PurchaseTicketsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly access: ResourceAccess,
    private readonly repeatable: RepeatableRequests,
    private readonly orders: OrderStore,
    private readonly view: OrderView,
  ) {}

  @Operation(purchaseTickets)
  async purchase(
    @Caller() who: Identity,
    @Body() body: PurchaseTickets,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Order> {
    if ('orderId' in body) return answerWith(reply, await this.holdOf(who, body.orderId, requestKey(request, body)));
    const buyer = { id: who.userId, name: who.name, email: who.email };
    const answer = await this.commands.execute<PlaceOrderCommand, Answer<Order>>(
      new PlaceOrderCommand(buyer, body, requestKey(request, body)),
    );
    return answerWith(reply, answer);
  }

  private async holdOf(who: Identity, orderId: string, key: RequestKey | undefined): Promise<Answer<Order>> {
    const { tenantId } = await this.access.require('order', orderId, who, ['self']);
    return this.repeatable.answer({ tenantId, callerId: who.userId, key, status: 201 }, async () => {
      const order = await this.orders.find(orderId);
      if (!order) throw notFound('The order');
      if (order.status !== 'pending' || order.holdEnded)
        throw new ProblemError(
          'order-ended',
          `This order is ${order.holdEnded ? 'expired' : order.status}: place a new one.`,
        );
      return this.view.ofOne(order);
    });
  }
}
