import { Controller, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { endSession } from '@app/contracts';
import { Operation } from '@app/http';
import { EndSessionCommand } from './end-session.js';

@Controller()
export class EndSessionController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(endSession)
  end(@Param('sessionId') sessionId: string, @Caller() { userId }: Identity): Promise<void> {
    return this.commands.execute(new EndSessionCommand(userId, sessionId));
  }
}
