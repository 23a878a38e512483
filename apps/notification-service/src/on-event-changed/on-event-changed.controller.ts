import { eventChanged } from '@app/contracts';
import { OnMessages, type Messages } from '@app/messaging';
import { Controller, Inject } from '@nestjs/common';
import { AnnouncementStore } from '../announcements/announcements.module.js';

@Controller()
export class OnEventChanged {
  constructor(@Inject(AnnouncementStore) private readonly announcements: AnnouncementStore) {}

  @OnMessages(eventChanged)
  handle(messages: Messages<typeof eventChanged>): Promise<void> {
    return this.announcements.addAll(
      messages.map(({ id, correlationId, data: facts }) => ({ id, correlationId, kind: 'event-changed', facts })),
    );
  }
}
