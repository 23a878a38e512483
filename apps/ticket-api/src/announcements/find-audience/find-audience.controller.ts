import { Body, Controller, Param } from '@nestjs/common';
import { FindAudience, type Audience } from '@app/contracts';
import { InternalPost } from '@app/http';
import { AudienceOfEvent } from './find-audience.js';

/** For notification-service, page by page, while it tells people of an event. */
@Controller()
export class FindAudienceController {
  constructor(private readonly audience: AudienceOfEvent) {}

  @InternalPost('/internal/events/:eventId/audience', { body: FindAudience, callers: ['notification-service'] })
  find(@Param('eventId') eventId: string, @Body() wanted: FindAudience): Promise<Audience> {
    return this.audience.find(eventId, wanted);
  }
}
