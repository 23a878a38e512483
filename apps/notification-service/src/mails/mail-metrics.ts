import { Metrics } from '@app/observability';
import { Inject, Injectable } from '@nestjs/common';
import type { FailureReason } from './after-failure.js';
import { MailStore } from './mail.store.js';

/** What an operator watches: a growing queue means that the SMTP server is away, a failed mail needs a person. */
@Injectable()
export class MailMetrics {
  private readonly attempts;

  constructor(@Inject(Metrics) metrics: Metrics, @Inject(MailStore) store: MailStore) {
    // A scrape shows the rest of the metrics also while the database is away.
    const read = async (status: 'queued' | 'failed') => (await store.backlog().catch(() => undefined))?.[status] ?? NaN;
    metrics.gauge('mails_queued', 'Mails that wait or are being sent', () => read('queued'));
    metrics.gauge('mails_failed', 'Mails that were given up', () => read('failed'));
    this.attempts = metrics.counter('mail_attempts_total', 'Attempts to send a mail', ['kind', 'outcome']);
  }

  attempted(kind: string, outcome: 'sent' | 'failed' | FailureReason): void {
    this.attempts.inc({ kind, outcome });
  }
}
