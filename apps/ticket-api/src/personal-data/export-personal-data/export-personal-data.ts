import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceTokens } from '@app/auth';
import { MailsOfPerson, PaymentsOfPerson, type FindMails, type PersonalData } from '@app/contracts';
import { InternalClient, internalClient } from '@app/http';
import { ProblemError } from '@app/problem-details';
import { CONFIG, type Config } from '../../config.js';
import { bounded } from './bounded.js';
import { HeldHereStore } from './held-here.store.js';

/** Everything that is held about a person. All of it or nothing: while another service is away the answer is 503. */
@Injectable()
export class ExportPersonalData implements OnApplicationShutdown {
  private readonly payments: InternalClient;
  private readonly mails: InternalClient;

  constructor(
    private readonly here: HeldHereStore,
    @Inject(CONFIG) { paymentServiceInternalUrl, notificationServiceInternalUrl }: Config,
    tokens: ServiceTokens,
  ) {
    this.payments = internalClient({ service: 'payment-service', url: paymentServiceInternalUrl, tokens });
    this.mails = internalClient({ service: 'notification-service', url: notificationServiceInternalUrl, tokens });
  }

  /**
   * @throws ProblemError `too-many-requests` within a minute of the last one, `unauthenticated` for an account that was erased,
   * `service-unavailable` when another service does not answer: then the next may begin at once.
   */
  async of(userId: string): Promise<PersonalData> {
    await this.begin(userId);
    try {
      const { account, ...here } = await this.here.read(userId);
      const [payments, { mails }] = await Promise.all([
        this.payments.get(`/internal/users/${userId}/payments`, PaymentsOfPerson),
        this.mails.post('/internal/mails/find', whoseMails(account), MailsOfPerson),
      ]);
      return { exportedAt: new Date().toISOString(), account, ...bounded({ ...here, payments, mails }) };
    } catch (error) {
      await this.here.letAgain(userId);
      throw error;
    }
  }

  /** It reads much, and nobody needs it often. */
  private async begin(userId: string): Promise<void> {
    if (await this.here.begin(userId)) return;
    const retryAfter = await this.here.secondsToWait(userId);
    throw new ProblemError('too-many-requests', `Your data was exported: wait ${retryAfter} s.`, { retryAfter });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.payments.close(), this.mails.close()]);
  }
}

/** Whoever says an address is theirs learns nothing of the mails that went there before it is proven. */
const whoseMails = ({ id, email, emailVerifiedAt }: PersonalData['account']): FindMails => ({
  userId: id,
  email: emailVerifiedAt === null ? null : email,
});
