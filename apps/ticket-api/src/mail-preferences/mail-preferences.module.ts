import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { ChangeMailPreferencesController } from './change-preferences/change-preferences.controller.js';
import { GetMailPreferencesController } from './get-preferences/get-preferences.controller.js';
import { MailPreferenceStore } from './mail-preference.store.js';
import { UnsubscribeTokens } from './unsubscribe-tokens.js';
import { UnsubscribeController } from './unsubscribe/unsubscribe.controller.js';

/** Which mails people want beyond those that they need. */
@Module({
  imports: [AuthorizationModule],
  controllers: [GetMailPreferencesController, ChangeMailPreferencesController, UnsubscribeController],
  providers: [MailPreferenceStore, UnsubscribeTokens],
  exports: [MailPreferenceStore, UnsubscribeTokens],
})
export class MailPreferencesModule {}

export { MailPreferenceStore } from './mail-preference.store.js';
export { UnsubscribeTokens } from './unsubscribe-tokens.js';
