import { Controller } from '@nestjs/common';
import { Caller, type Identity } from '@app/auth';
import { getMailPreferences, type MailPreferences } from '@app/contracts';
import { Operation } from '@app/http';
import { MailPreferenceStore } from '../mail-preference.store.js';

@Controller()
export class GetMailPreferencesController {
  constructor(private readonly preferences: MailPreferenceStore) {}

  @Operation(getMailPreferences)
  get(@Caller() { userId }: Identity): Promise<MailPreferences> {
    return this.preferences.of(userId);
  }
}
