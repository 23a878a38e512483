import type { Organizer } from '@app/contracts';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { createTransport, type NodemailerError, type SMTPPoolOptions } from 'nodemailer';
import { CONFIG, type Config } from '../config.js';
import type { MailContent } from './content/compose.js';
import { senderName } from './content/sender-name.js';
import { SmtpFailure } from './smtp-failure.js';

export interface OutgoingMail extends MailContent {
  /** Of the mail; its Message-ID is made of it, so that a mail sent twice can be told to be one. */
  id: string;
  recipient: string;
  /** PDF to attach. */
  tickets: Buffer | null;
  /** iCalendar file to attach. */
  calendar: Buffer | null;
  /** In whose name it is sent, by the platform's own address. */
  organizer: Organizer | undefined;
  /** Where one click ends this kind of mail (RFC 8058). */
  unsubscribe: string | undefined;
}

/** Connections that are open at most, hence mails on their way. */
export const SMTP_CONNECTIONS = 5;

/** Milliseconds. */
const SILENCE_LIMIT = 10_000;
const SEND_LIMIT = 30_000;

@Injectable()
export class SmtpServer {
  private readonly transport;
  private readonly from: { name: string; address: string };

  constructor(@Inject(CONFIG) { smtpUrl, mailFrom }: Config) {
    const [, name = '', bracketed] = /^([^<]*)<([^>]+)>$/.exec(mailFrom) ?? [];
    this.from = { name: name.trim(), address: bracketed ?? mailFrom };
    this.transport = createTransport(poolOptions(smtpUrl), { disableFileAccess: true, disableUrlAccess: true });
    this.transport.on('error', (error: Error) => new Logger('Smtp').warn(`A connection broke: ${error.name}`));
  }

  /** Resolves when the server has taken the mail. @throws SmtpFailure */
  async send({ id, recipient, subject, text, html, organizer, unsubscribe, ...files }: OutgoingMail): Promise<void> {
    try {
      await this.transport.sendMail({
        messageId: `<${id}@${this.from.address.split('@').at(-1)}>`,
        // As objects they are one address each, whatever characters they have. The envelope is made of them.
        from: { ...this.from, name: senderName(organizer?.name, this.from.name) },
        ...(organizer?.replyTo && { replyTo: { name: '', address: organizer.replyTo } }),
        to: { name: '', address: recipient },
        subject,
        text: withCrLf(text),
        html: withCrLf(html),
        // Whoever reads the raw mail finds the short lines whole: base64 would hide them.
        textEncoding: 'quoted-printable',
        headers: {
          ...{ 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          ...(unsubscribe && {
            'List-Unsubscribe': `<${unsubscribe}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          }),
        },
        attachments: attachmentsOf(files),
        signal: AbortSignal.timeout(SEND_LIMIT),
      });
    } catch (error) {
      throw new SmtpFailure(error as NodemailerError);
    }
  }

  /** Ends also deliveries that are under way. */
  close(): void {
    this.transport.close({ force: true });
  }
}

function attachmentsOf({ tickets, calendar }: Pick<OutgoingMail, 'tickets' | 'calendar'>) {
  return [
    ...(tickets ? [{ filename: 'tickets.pdf', content: tickets, contentType: 'application/pdf' }] : []),
    ...(calendar ? [{ filename: 'event.ics', content: calendar, contentType: CALENDAR }] : []),
  ];
}
const CALENDAR = 'text/calendar; method=PUBLISH; charset=utf-8';

/** Between other line ends, the encoder would fold lines where they need no folding. */
const withCrLf = (text: string) => text.replace(/\r?\n/g, '\r\n');

function poolOptions(url: string): SMTPPoolOptions & { pool: true } {
  const { protocol, username } = new URL(url);
  return {
    url,
    pool: true,
    maxConnections: SMTP_CONNECTIONS,
    // Whether a mail is sent again is decided by its row.
    maxRequeues: 0,
    connectionTimeout: 5_000,
    dnsTimeout: 5_000,
    greetingTimeout: SILENCE_LIMIT,
    socketTimeout: SILENCE_LIMIT,
    // Credentials never travel in the clear.
    ...(protocol === 'smtp:' && username ? { requireTLS: true } : {}),
  };
}
