import { Controller, Param, Query } from '@nestjs/common';
import { Acting, isApiKey, type Principal } from '@app/auth';
import { listMailsOfEvent, listMailsOfOrder, type ListMails } from '@app/contracts';
import { Operation } from '@app/http';
import { Located, type Location } from '../authorization/authorization.module.js';
import { ReadMailLog, type MailPage } from './read-mail-log.js';

@Controller()
export class ListMailsController {
  constructor(private readonly log: ReadMailLog) {}

  @Operation(listMailsOfOrder)
  ofOrder(
    @Located() { tenantId }: Location,
    @Param('orderId') id: string,
    @Query() query: ListMails,
    @Acting() who: Principal,
  ): Promise<MailPage> {
    return this.log.page({ tenantId, about: { kind: 'order', id } }, query, reader(who));
  }

  @Operation(listMailsOfEvent)
  ofEvent(
    @Located() { tenantId }: Location,
    @Param('eventId') id: string,
    @Query() query: ListMails,
    @Acting() who: Principal,
  ): Promise<MailPage> {
    return this.log.page({ tenantId, about: { kind: 'event', id } }, query, reader(who));
  }
}

const reader = (who: Principal) => (isApiKey(who) ? null : who.userId);
