import { crashPoint, nextTraceparent, requestContext } from '@app/observability';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { afterFailure } from './after-failure.js';
import { linksUnder, type Links } from './content/links.js';
import { EventCalendar } from './event-calendar.js';
import { mailKind, secretsOf } from './mail-kinds.js';
import { MailMetrics } from './mail-metrics.js';
import { MailProgress } from './mail-progress.js';
import { MailStore, type ClaimedMail, type QueuedMail } from './mail.store.js';
import { SmtpFailure } from './smtp-failure.js';
import { SmtpServer } from './smtp-server.js';
import { TicketsPdf, type TicketsOf } from './tickets-pdf.js';

/** Whether the SMTP server was found; `untried` if the mail did not get that far. */
export type Contact = 'reached' | 'missed' | 'untried';

const LONGEST_ERROR = 500;
const TRIES_FOR_CALENDAR = 2;

/** One attempt at one mail: fetch what goes with it, render, send, log. No transaction is open meanwhile. */
@Injectable()
export class DeliverMail {
  private readonly log = new Logger('Mails');
  private readonly links: Links;

  constructor(
    @Inject(CONFIG) { publicUrl }: Config,
    @Inject(MailStore) private readonly store: MailStore,
    @Inject(TicketsPdf) private readonly ticketsPdf: TicketsPdf,
    @Inject(EventCalendar) private readonly calendar: EventCalendar,
    @Inject(SmtpServer) private readonly smtp: SmtpServer,
    @Inject(MailProgress) private readonly progress: MailProgress,
    @Inject(MailMetrics) private readonly metrics: MailMetrics,
  ) {
    this.links = linksUnder(publicUrl);
  }

  /** @throws when the database is away: then the claim runs out, and the mail is tried again with the same Message-ID. */
  async deliver(claim: ClaimedMail): Promise<Contact> {
    const mail = await this.store.read(claim);
    if (!mail) return 'untried';
    const context = { requestId: mail.id, correlationId: mail.correlationId, traceparent: nextTraceparent(undefined) };
    return requestContext.run(context, () => this.attempt(mail));
  }

  private async attempt(mail: QueuedMail): Promise<Contact> {
    try {
      await this.send(mail);
    } catch (error) {
      await this.failed(mail, error as Error);
      if (!(error instanceof SmtpFailure)) return 'untried';
      return error.reason === 'unreachable' ? 'missed' : 'reached';
    }
    crashPoint('mail/after-sending', () => [{ what: mail.kind, id: mail.id }]);
    await this.store.markSent(mail, secretsOf(mail.kind), () => this.progress.sent(mail));
    this.metrics.attempted(mail.kind, 'sent');
    this.log.log(`Mail ${mail.id} (${mail.kind}) sent at attempt ${mail.attempts}.`);
    return 'reached';
  }

  private async send({ id, recipient, kind: name, facts, attempts }: QueuedMail): Promise<void> {
    const kind = mailKind(name);
    const { tickets, calendar } = await this.filesOf(kind.ticketsOf(facts), kind.calendarOf(facts), attempts);
    const attached = { ticketsAttached: tickets !== null, calendarAttached: calendar !== null };
    const content = kind.render(facts, { links: this.links, ...attached });
    const token = kind.unsubscribe(facts);
    const unsubscribe = token === undefined ? undefined : this.links.unsubscribe(token);
    await this.smtp.send({
      ...{ id, recipient, tickets, calendar, unsubscribe },
      ...content,
      organizer: kind.organizerOf(facts),
    });
  }

  /** Asked for side by side. No ticket is kept back for a calendar file: once it has failed twice the mail goes without. */
  private async filesOf(ticketsOf: TicketsOf | undefined, calendarOf: string | undefined, attempts: number) {
    const [tickets, calendar] = await Promise.allSettled([
      ticketsOf === undefined ? null : this.ticketsPdf.of(ticketsOf),
      calendarOf === undefined ? null : this.calendar.of(calendarOf),
    ]);
    if (tickets.status === 'rejected') throw tickets.reason as Error;
    if (ticketsOf !== undefined && tickets.value === null) return { tickets: null, calendar: null };
    if (calendar.status === 'fulfilled') return { tickets: tickets.value, calendar: calendar.value };
    if (attempts <= TRIES_FOR_CALENDAR) throw calendar.reason as Error;
    return { tickets: tickets.value, calendar: null };
  }

  private async failed(mail: QueuedMail, failure: Error): Promise<void> {
    const { reason, code } =
      failure instanceof SmtpFailure ? failure : { reason: 'deferred' as const, code: failure.message };
    const secrets = secretsOf(mail.kind);
    // A spam filter may quote the mail that it refuses: of a mail with a secret, only the codes are kept.
    const error = (secrets.length > 0 ? code : failure.message).slice(0, LONGEST_ERROR);
    const step = afterFailure({ ...mail, reason });
    this.metrics.attempted(mail.kind, step.status === 'failed' ? 'failed' : reason);
    const line = `Mail ${mail.id} (${mail.kind}) did not leave at attempt ${mail.attempts} (${code})`;
    if (step.status === 'failed') {
      const log = { refusals: step.refusals, error, secrets };
      await this.store.markFailed(mail, log, () => this.progress.failed(mail, reason));
      this.log.error(`${line} and is given up.`);
      return;
    }
    await this.store.putBack(mail, { ...step, error });
    // Once per mail: an outage concerns many, and their rows keep the rest.
    if (mail.attempts === 1) this.log.warn(`${line}: next try in ${step.delaySeconds} s.`);
  }
}
