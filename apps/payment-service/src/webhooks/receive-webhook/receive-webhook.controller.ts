import { Body, Controller, Headers, Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { receiveWebhook } from '@app/contracts';
import { Operation } from '@app/http';
import { ReceiveWebhookCommand } from './receive-webhook.js';

@Controller()
export class ReceiveWebhookController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Operation(receiveWebhook)
  async receive(@Body() body: Buffer, @Headers('stripe-signature') signature = ''): Promise<{ received: true }> {
    await this.commands.execute(new ReceiveWebhookCommand(body, signature));
    return { received: true };
  }
}
