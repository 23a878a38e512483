import { isNobodysAddress, type Envelope } from '@app/contracts';
import { Database } from '@app/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { mailKind, type FactsOf, type MailKind } from './mail-kinds.js';
import { MailProgress } from './mail-progress.js';
import { MailSender } from './mail-sender.js';
import { MailStore, type NewMail } from './mail.store.js';

@Injectable()
export class RecordMails {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(MailStore) private readonly store: MailStore,
    @Inject(MailProgress) private readonly progress: MailProgress,
    @Inject(MailSender) private readonly sender: MailSender,
  ) {}

  /**
   * Records, in the open transaction, the mails that these messages cause; they are sent after the commit. Once per
   * message, recipient and kind, however often a message comes.
   */
  async record<Kind extends MailKind>(
    kind: Kind,
    messages: readonly Pick<Envelope<FactsOf<Kind>>, 'id' | 'correlationId' | 'data'>[],
    recipientOf: (facts: FactsOf<Kind>) => string,
  ): Promise<void> {
    await this.recordAll(
      messages.map(({ id: messageId, correlationId, data: facts }) => ({
        ...{ id: uuidv7(), messageId, correlationId, kind, facts },
        recipient: recipientOf(facts),
        bulk: mailKind(kind).isBulk(facts),
      })),
    );
  }

  /** Records, in the open transaction, one mail of one cause to each of these people, once, however often they are named. */
  async announce(
    kind: MailKind,
    { id: messageId, correlationId }: Pick<Envelope, 'id' | 'correlationId'>,
    letters: readonly { recipient: string; facts: object }[],
  ): Promise<void> {
    await this.recordAll(
      letters.map((letter) => ({ id: uuidv7(), messageId, correlationId, kind, ...letter, bulk: true })),
    );
  }

  private async recordAll(mails: readonly NewMail[]): Promise<void> {
    const added = new Set(await this.store.addAll(mails));
    const news = mails.filter(({ id }) => added.has(id));
    await this.progress.queued(news.filter(({ recipient }) => !isNobodysAddress(recipient)));
    this.database.current().afterCommit(() => this.sender.wake());
  }
}
