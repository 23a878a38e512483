import type { Envelope } from '@app/contracts';
import { Database } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { FactsOf, MailKind } from './mail-kinds.js';
import { MailSender } from './mail-sender.js';
import { MailStore } from './mail.store.js';

@Injectable()
export class RecordMail {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MailStore) private readonly store: MailStore,
    @Inject(MailSender) private readonly sender: MailSender,
  ) {}

  /**
   * Records, in the open transaction, the mail that `envelope`'s message causes; it is sent after the commit. Once per
   * message, recipient and kind, however often the message comes.
   */
  async record<Kind extends MailKind>(
    kind: Kind,
    recipient: string,
    facts: FactsOf<Kind>,
    { id: messageId, correlationId }: Pick<Envelope, 'id' | 'correlationId'>,
  ): Promise<void> {
    await this.store.add({ id: uuidv7(), messageId, correlationId, kind, recipient, facts });
    this.database.current().afterCommit(() => this.sender.wake());
  }
}
