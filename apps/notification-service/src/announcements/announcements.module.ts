import { Module } from '@nestjs/common';
import { MailsModule } from '../mails/mails.module.js';
import { Announce } from './announce.js';
import { AnnouncementStore } from './announcement.store.js';

export { AnnouncementStore } from './announcement.store.js';

/** Mails to everybody at an event. */
@Module({ imports: [MailsModule], providers: [Announce, AnnouncementStore], exports: [AnnouncementStore] })
export class AnnouncementsModule {}
