import { Body, Controller, Param, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ReserveForBuyer, type Buyer, type Order } from '@app/contracts';
import { InternalPost } from '@app/http';
import { Database } from '@app/persistence';
import { notFound, ProblemError } from '@app/problem-details';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerWith, requestKey, type Answer } from '@app/idempotency';
import { PlaceOrderCommand } from '../place-order/place-order.js';

/** For other services, which name the buyer: the same command, with the same limits, as if that person had called. */
@Controller()
export class ReserveForBuyerController {
  constructor(
    private readonly commands: CommandBus,
    private readonly database: Database,
  ) {}

  @InternalPost('/internal/tickets/:ticketTypeId/reserve', { body: ReserveForBuyer, status: 201 })
  async reserve(
    @Param('ticketTypeId') ticketTypeId: string,
    @Body() body: ReserveForBuyer,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Order> {
    const eventId = await this.eventOf(ticketTypeId);
    const wish = { eventId, items: [{ ticketTypeId, quantity: body.quantity }] };
    const command = new PlaceOrderCommand(await this.buyer(body.userId), wish, requestKey(request, body));
    return answerWith(reply, await this.commands.execute<PlaceOrderCommand, Answer<Order>>(command));
  }

  /** Of a type that the public can see. */
  private async eventOf(ticketTypeId: string): Promise<string> {
    const [type] = await this.database.asPublic((transaction) =>
      transaction.query<{ event_id: string }>('select event_id from ticket_types where id = $1', [ticketTypeId]),
    );
    if (!type) throw notFound('The ticket type');
    return type.event_id;
  }

  private async buyer(userId: string): Promise<Buyer> {
    const [buyer] = await this.database.lookUp<Buyer>('select id, name, email from users where id = $1', [userId]);
    if (buyer) return buyer;
    const errors = [{ path: 'userId', message: 'is nobody who has an account' }];
    throw new ProblemError('validation-failed', 'There is no such buyer.', { errors });
  }
}
