import { Body, Controller, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ORDER_GROUP_BYTES,
  OrderGroup,
  placeOrder,
  type Order,
  type OrderGroupAnswer,
  type OrderGroupMember,
} from '@app/contracts';
import { declaredAnswer, InternalPost } from '@app/http';
import { requestContext } from '@app/observability';
import { problemAnswer, ProblemError } from '@app/problem-details';
import { type Answer, fingerprintOf } from '@app/idempotency';
import { PlaceOrderCommand } from './place-order.js';

/**
 * Orders that waited at the gateway at the same moment, in one request. Each is the same command as if it had come
 * alone, and has its own answer; waiting together, they become one transaction.
 */
@Controller()
export class PlaceOrderGroupController {
  private readonly log = new Logger('Problem');
  private readonly declared = declaredAnswer(placeOrder);

  constructor(private readonly commands: CommandBus) {}

  @InternalPost('/internal/orders/group', { callers: ['api-gateway'], signedBody: ORDER_GROUP_BYTES })
  async place(@Body() bytes: Buffer): Promise<{ answers: OrderGroupAnswer[] }> {
    const { members } = groupIn(bytes);
    return { answers: await Promise.all(members.map((member) => this.answer(member))) };
  }

  private answer(member: OrderGroupMember): Promise<OrderGroupAnswer> {
    const { path, requestId, traceparent, buyer, idempotencyKey, body } = member;
    const key =
      idempotencyKey === undefined
        ? undefined
        : { key: idempotencyKey, fingerprint: fingerprintOf('POST', path, body) };
    const command = new PlaceOrderCommand(buyer, body, key);
    return requestContext.run({ requestId, correlationId: requestId, traceparent }, async () => {
      try {
        const {
          status,
          body: placed,
          replayed,
        } = await this.commands.execute<PlaceOrderCommand, Answer<Order>>(command);
        return { status, body: JSON.stringify(this.declared(status, placed)), replayed };
      } catch (error) {
        return { ...problemAnswer(error, { instance: path, requestId }, this.log), replayed: false };
      }
    });
  }
}

function groupIn(bytes: Buffer): OrderGroup {
  try {
    return OrderGroup.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    throw new ProblemError('validation-failed', 'This is no group of orders.');
  }
}
