import { Body, Controller, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { createBooking, placeOrder, reserveTickets, type Order, type PlaceOrder } from '@app/contracts';
import { Operation } from '@app/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Answer, answerWith, requestKey } from '@app/idempotency';
import { PlaceOrderCommand } from './place-order.js';

/** One command under the three names that the source systems gave it. */
@Controller()
export class PlaceOrderController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(placeOrder, reserveTickets, createBooking)
  async place(
    @Caller() who: Identity,
    @Body() body: PlaceOrder,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Order> {
    const buyer = { id: who.userId, name: who.name, email: who.email };
    const command = new PlaceOrderCommand(buyer, body, requestKey(request, body));
    return answerWith(reply, await this.commands.execute<PlaceOrderCommand, Answer<Order>>(command));
  }
}
