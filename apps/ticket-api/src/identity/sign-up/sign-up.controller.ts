import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { signUp, type SignUp, type User } from '@app/contracts';
import { Operation } from '@app/http';
import { SignUpCommand } from './sign-up.js';

@Controller()
export class SignUpController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(signUp)
  signUp(@Body() given: SignUp): Promise<User> {
    return this.commands.execute(new SignUpCommand(given));
  }
}
