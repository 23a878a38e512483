import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { setTimeout as delay } from 'node:timers/promises';
import { DeliverMail, type Contact } from './deliver-mail.js';
import { MailStore, type ClaimedMail } from './mail.store.js';
import { Reachability } from './reachability.js';
import { SMTP_CONNECTIONS, SmtpServer } from './smtp-server.js';

/** Milliseconds until mails are looked for that no wake-up announced: due for another try, or another process's. */
const POLL = 1_000;
/** A third of the lease, so that one renewal may fail. */
const RENEWAL = 3_000;
const DRAIN_LIMIT = 15_000;

/** Keeps as many mails on their way as there are connections. Every replica may run one. */
@Injectable()
export class MailSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('Mails');
  private readonly reachability = new Reachability();
  private readonly onTheirWay = new Map<string, Promise<void>>();
  private claiming: Promise<void> | undefined;
  private wokenMeanwhile = false;
  private stopping = false;
  private troubled = false;

  constructor(
    @Inject(MailStore) private readonly store: MailStore,
    @Inject(DeliverMail) private readonly delivery: DeliverMail,
    @Inject(SmtpServer) private readonly smtp: SmtpServer,
  ) {}

  onApplicationBootstrap(): void {
    this.wake();
  }

  /** There may be mails to send. */
  @Interval(POLL)
  wake(): void {
    this.wokenMeanwhile = true;
    this.claiming ??= this.claim().finally(() => (this.claiming = undefined));
  }

  @Interval(RENEWAL)
  async renewLeases(): Promise<void> {
    if (this.onTheirWay.size === 0) return;
    await this.store.renew([...this.onTheirWay.keys()]).catch((error: Error) => this.warn(error));
  }

  /** What is under way may end; what does not in time is sent again by the next process, with its Message-ID. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    await this.claiming;
    await Promise.race([Promise.all(this.onTheirWay.values()), delay(DRAIN_LIMIT, undefined, { ref: false })]);
    this.smtp.close();
  }

  private async claim(): Promise<void> {
    try {
      while (this.wokenMeanwhile && this.room() > 0) {
        this.wokenMeanwhile = false;
        for (const mail of await this.store.claim(this.room())) this.send(mail);
        this.troubled = false;
      }
    } catch (error) {
      this.warn(error as Error);
    }
  }

  private room(): number {
    if (this.stopping) return 0;
    return this.reachability.room(Date.now(), SMTP_CONNECTIONS) - this.onTheirWay.size;
  }

  private send(mail: ClaimedMail): void {
    const sending = this.delivery
      .deliver(mail)
      .then((contact) => this.note(contact))
      .catch((error: Error) => this.warn(error))
      .finally(() => {
        this.onTheirWay.delete(mail.id);
        this.wake();
      });
    this.onTheirWay.set(mail.id, sending);
  }

  private note(contact: Contact): void {
    if (contact === 'reached') this.reachability.reached();
    else if (contact === 'missed') this.reachability.missed(Date.now());
  }

  /** Said once an outage: the timers come back every second. */
  private warn(error: Error): void {
    if (!this.troubled) this.log.warn(`Mails wait for the database: ${error.message}`);
    this.troubled = true;
  }
}
