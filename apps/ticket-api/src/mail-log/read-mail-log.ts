import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceTokens } from '@app/auth';
import { Id, MailLog, type FindMailLog, type ListMails, type MailEntry } from '@app/contracts';
import { decodeCursor, encodeCursor, InternalClient, internalClient } from '@app/http';
import { CONFIG, type Config } from '../config.js';
import { masked } from '../orders/orders.module.js';

export interface MailPage {
  data: MailEntry[];
  nextCursor: string | null;
}

/** The delivery log, where it is kept: tries and waiting times are told as of now. */
@Injectable()
export class ReadMailLog implements OnApplicationShutdown {
  private readonly notifications: InternalClient;

  constructor(@Inject(CONFIG) { notificationServiceInternalUrl: url }: Config, tokens: ServiceTokens) {
    this.notifications = internalClient({ service: 'notification-service', url, tokens });
  }

  /**
   * @param readerId the person who reads, null for a key: only the own address is shown whole
   * @throws ProblemError `service-unavailable` while notification-service does not answer
   */
  async page(
    whose: Pick<FindMailLog, 'tenantId' | 'about'>,
    { limit, cursor, status }: ListMails,
    readerId: string | null,
  ): Promise<MailPage> {
    const before = decodeCursor(cursor, Id) ?? null;
    const wanted = { ...whose, before, limit: limit + 1, ...(status && { status }) };
    const { mails } = await this.notifications.post('/internal/mails/log', wanted, MailLog);
    const page = mails.slice(0, limit);
    const last = page.at(-1);
    return {
      data: page.map(({ userId, recipient, ...mail }) => ({
        ...mail,
        recipient: userId !== null && userId === readerId ? recipient : masked(recipient),
      })),
      nextCursor: mails.length > limit && last ? encodeCursor(last.id) : null,
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.notifications.close();
  }
}
