import { eventCancelled } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { AnnouncementStore } from '../announcements/announcements.module.js';

@Controller()
export class OnEventCancelled {
  constructor(@Inject(AnnouncementStore) private readonly announcements: AnnouncementStore) {}

  @OnMessages(eventCancelled)
  handle(messages: Messages<typeof eventCancelled>): Promise<void> {
    return this.announcements.addAll(
      messages.map(({ id, correlationId, data: facts }) => ({ id, correlationId, kind: 'event-cancelled', facts })),
    );
  }
}
