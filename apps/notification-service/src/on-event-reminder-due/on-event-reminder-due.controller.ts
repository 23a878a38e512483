import { eventReminderDue } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { AnnouncementStore } from '../announcements/announcements.module.js';

@Controller()
export class OnEventReminderDue {
  constructor(@Inject(AnnouncementStore) private readonly announcements: AnnouncementStore) {}

  @OnMessages(eventReminderDue)
  handle(messages: Messages<typeof eventReminderDue>): Promise<void> {
    return this.announcements.addAll(
      messages.map(({ id, correlationId, data: facts }) => ({ id, correlationId, kind: 'event-reminder', facts })),
    );
  }
}
