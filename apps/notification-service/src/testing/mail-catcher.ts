import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { eventually } from './eventually.js';

export interface CaughtMail {
  /** As it came over the wire. */
  raw: string;
  parsed: Email;
  recipients: string[];
}

/** What the server does with a mail that it has read: takes it, refuses it with a code, or hangs up without a word. */
export type Reply = 'accept' | 'hang-up' | { code: number; text: string };

/** A real SMTP server that keeps what it is sent. */
export class MailCatcher {
  readonly mails: CaughtMail[] = [];
  /** Decides about each mail; may take its time. */
  reply: (mail: CaughtMail) => Reply | Promise<Reply> = () => 'accept';
  /** Decides about each recipient, before the mail is read. */
  refuseRecipient: (address: string) => { code: number; text: string } | undefined = () => undefined;
  /** Mails being read or decided about now, and the most of them there ever were. */
  open = 0;
  mostOpen = 0;
  private server: SMTPServer | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** On the same port as before, if it was open before. */
  async start(): Promise<this> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      closeTimeout: 100,
      onRcptTo: ({ address }, _session, done) => done(errorOf(this.refuseRecipient(address))),
      onData: (stream, { envelope }, done) => {
        this.mostOpen = Math.max(this.mostOpen, (this.open += 1));
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const recipients = envelope.rcptTo.map(({ address }) => address);
          void this.decide(Buffer.concat(chunks), recipients)
            .then(done, done)
            .finally(() => (this.open -= 1));
        });
      },
    });
    server.on('error', () => undefined);
    server.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await once(server.listen(this.port, '127.0.0.1'), 'listening');
    this.port = (server.server.address() as AddressInfo).port;
    this.server = server;
    return this;
  }

  /** Hangs up on everybody and takes no more calls. */
  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (this.server ? this.server.close(resolve) : resolve()));
    this.server = undefined;
  }

  reset(): void {
    this.mails.length = 0;
    this.mostOpen = 0;
    this.reply = () => 'accept';
    this.refuseRecipient = () => undefined;
  }

  /** Waits until that many mails were read, whatever was replied. */
  async caught(count: number): Promise<CaughtMail[]> {
    await eventually(() => this.mails.length >= count, `${count} mails`);
    return this.mails;
  }

  private async decide(raw: Buffer, recipients: string[]): Promise<Error | undefined> {
    const mail = { raw: raw.toString('latin1'), parsed: await PostalMime.parse(raw), recipients };
    this.mails.push(mail);
    const reply = await this.reply(mail);
    if (reply === 'hang-up') for (const socket of this.sockets) socket.destroy();
    return typeof reply === 'object' ? errorOf(reply) : undefined;
  }
}

const errorOf = (reply: { code: number; text: string } | undefined) =>
  reply && Object.assign(new Error(reply.text), { responseCode: reply.code });
