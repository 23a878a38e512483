import { Inject, Injectable, Logger } from '@nestjs/common';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { CONFIG, type Config } from '../config.js';
import { MessageStore } from '../messages/message.store.js';

const LARGEST = 25 * 1024 * 1024;
/** Milliseconds for sessions to end by themselves when the mailbox closes. */
const CLOSING = 3_000;

/** As Node names a disk, a quota or a file size that is used up. */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
/** RFC 5321, 4.2.3. All but "too large" ask the sender to come again. */
const REPLY = { tooLarge: 552, full: 452, otherwise: 451 };

/** Takes every mail for everybody, without a password; the sender hears 250 only after it is on the disk. */
@Injectable()
export class SmtpReceiver {
  private readonly log = new Logger('Smtp');
  private readonly server: SMTPServer;
  private cannotKeep = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MessageStore) private readonly store: MessageStore,
  ) {
    this.server = new SMTPServer({
      banner: 'Local mailbox',
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: LARGEST,
      closeTimeout: CLOSING,
      onData: (stream, session, answer) => {
        this.receive(stream, session).then(
          () => answer(null),
          (error: NodeJS.ErrnoException) => answer(this.refusal(error, stream.sizeExceeded)),
        );
      },
    });
    // A client that breaks off in the middle is its own problem.
    this.server.on('error', () => undefined);
  }

  /** @returns the port; @throws when it is taken */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.server.once('error', reject);
      this.server.listen(this.config.smtpPort, this.config.host, () =>
        resolve((this.server.server.address() as AddressInfo).port),
      );
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private async receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of stream) if (!stream.sizeExceeded) pieces.push(piece as Buffer);
    if (stream.sizeExceeded) throw new Error(`A mail may have ${LARGEST} bytes here.`);
    const raw = Buffer.concat(pieces);
    const recipients = session.envelope.rcptTo.map(({ address }) => address);
    await Promise.all(recipients.map((recipient) => this.store.save(recipient, raw)));
    this.cannotKeep = false;
    // Whom it is for stands in the file: a log is kept longer and read by more people.
    this.log.log(`a mail for ${recipients.length === 1 ? 'one recipient' : `${recipients.length} recipients`}`);
  }

  /** What the sender hears; the log has it once, for the sender comes again and again. */
  private refusal(error: NodeJS.ErrnoException, isTooLarge: boolean): Error {
    if (isTooLarge) return Object.assign(error, { responseCode: REPLY.tooLarge });
    if (!this.cannotKeep) this.log.warn(`Mails cannot be kept: ${error.message}`);
    this.cannotKeep = true;
    const isFull = FULL.has(error.code ?? '');
    // The error's own text names our folders.
    const said = new Error(isFull ? 'Insufficient system storage, try again later' : 'Not kept, try again later');
    return Object.assign(said, { responseCode: isFull ? REPLY.full : REPLY.otherwise });
  }
}
