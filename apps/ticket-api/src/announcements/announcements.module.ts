import { Module } from '@nestjs/common';
import { AuthorizationModule } from '../authorization/authorization.module.js';
import { CatalogueModule } from '../catalogue/catalogue.module.js';
import { MailPreferencesModule } from '../mail-preferences/mail-preferences.module.js';
import { FindAudienceController } from './find-audience/find-audience.controller.js';
import { AudienceOfEvent } from './find-audience/find-audience.js';
import { RemindHolders } from './remind-holders/remind-holders.js';
import { TellChanges } from './tell-changes/tell-changes.js';

/** What people who hold tickets are told of their event. */
@Module({
  imports: [AuthorizationModule, CatalogueModule, MailPreferencesModule],
  controllers: [FindAudienceController],
  providers: [AudienceOfEvent, TellChanges, RemindHolders],
})
export class AnnouncementsModule {}
