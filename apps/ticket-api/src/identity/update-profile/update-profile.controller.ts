import { Body, Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, type Identity } from '@app/auth';
import { updateProfile, type UpdateProfile, type User } from '@app/contracts';
import { Operation } from '@app/http';
import { UpdateProfileCommand } from './update-profile.js';

@Controller()
export class UpdateProfileController {
  constructor(private readonly commands: CommandBus) {}

  @Operation(updateProfile)
  update(@Caller() { userId }: Identity, @Body() changes: UpdateProfile): Promise<User> {
    return this.commands.execute(new UpdateProfileCommand(userId, changes));
  }
}
