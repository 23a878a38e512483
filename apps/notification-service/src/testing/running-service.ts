import { generateServiceKeys } from '@app/auth';
import { PLATFORM_TENANT, type DataOf, type Envelope, type MessageContract } from '@app/contracts';
import { openService, type RunningService } from '@app/http';
import { messageStrategy, Messaging, migrateBroker, Outbox } from '@app/messaging';
import { createLogger } from '@app/observability';
import { Database } from '@app/persistence';
import { createTestDatabase, dropDatabase, type TestDatabase } from '@app/testing';
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import pg from 'pg';
import { AppModule } from '../app.module.js';
import type { Config } from '../config.js';
import { migrations } from '../migrations/index.js';
import { eventually } from './eventually.js';
import { MailCatcher } from './mail-catcher.js';
import { TicketSource } from './ticket-source.js';

export interface MailRow {
  id: string;
  tenant_id: string;
  kind: string;
  recipient: string;
  facts: Record<string, unknown>;
  status: string;
  attempts: number;
  refusals: number;
  last_error: string | null;
  sent_at: Date | null;
}

/** The whole service on a database, a broker, an SMTP server and a source of tickets of its own. */
export class NotificationService {
  readonly logLines: string[] = [];
  private readonly services = new Set<RunningService>();

  private constructor(
    readonly db: TestDatabase,
    readonly smtp: MailCatcher,
    readonly tickets: TicketSource,
    private readonly config: Config,
    private readonly broker: string,
  ) {}

  /** @param pooler whose way to the database the service takes instead of the direct one */
  static async start(pooler?: (databaseUrl: string) => Promise<string>): Promise<NotificationService> {
    const keys = generateServiceKeys(['notification-service', 'ticket-api']);
    const db = await createTestDatabase(migrations, 'notification');
    const smtp = await new MailCatcher().start();
    const tickets = await new TicketSource(keys['ticket-api']!).start();
    const broker = `notification_broker_${randomBytes(5).toString('hex')}`;
    const config: Config = {
      ...keys['notification-service']!,
      port: 0,
      internalPort: 0,
      host: '127.0.0.1',
      logLevel: 'trace',
      publicUrl: 'https://tickets.example',
      databaseUrl: (await pooler?.(db.url)) ?? db.url,
      namedStatements: !pooler,
      databasePool: 10,
      messages: { brokerDatabaseUrl: await migratedBroker(db, broker) },
      ticketApiInternalUrl: tickets.url,
      smtpUrl: smtp.url,
      mailFrom: 'Tickets <tickets@tickets.example>',
    };
    const service = new NotificationService(db, smtp, tickets, config, broker);
    await service.open();
    return service;
  }

  /** One more process, so to speak. */
  async open(): Promise<RunningService> {
    const lines = new Writable({
      write: (chunk: Buffer, _encoding, done) => done(void this.logLines.push(chunk.toString())),
    });
    const service = await openService(
      {
        name: 'notification-service',
        module: (config) => AppModule.with(config),
        strategy: messageStrategy,
        checks: (app) => ({ db: () => app.get(Database).isUp(), messages: () => app.get(Messaging).isUp() }),
      },
      this.config,
      createLogger('notification-service', 'trace', lines),
    );
    this.services.add(service);
    return service;
  }

  get running(): RunningService {
    const [first] = this.services;
    if (!first) throw new Error('The service is closed.');
    return first;
  }

  async close(service = this.running): Promise<void> {
    this.services.delete(service);
    await service.close();
  }

  /** A message on its way through outbox and broker, as another service would send it. @returns its id. */
  send<C extends MessageContract>(contract: C, data: DataOf<C>, tenantId = PLATFORM_TENANT): Promise<string> {
    const { app } = this.running;
    return app.get(Database).asTenant(tenantId, () => app.get(Outbox).add(contract, { tenantId, data }));
  }

  /** What ticket-api, which takes nothing here, was told of an order, in the order of its publishing. */
  async told(orderId: string): Promise<Envelope<Record<string, unknown>>[]> {
    const url = new URL(this.db.ownerUrl);
    url.pathname = `/${this.broker}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      const { rows } = await client.query<{ message: Envelope<Record<string, unknown>> }>(
        `select message from pgboss.job, jsonb_array_elements(coalesce(data -> 'envelopes', jsonb_build_array(data -> 'envelope'))) as message
         where name = 'ticket-api' and message -> 'data' ->> 'orderId' = $1 order by message ->> 'id'`,
        [orderId],
      );
      return rows.map(({ message }) => message);
    } finally {
      await client.end();
    }
  }

  rows(): Promise<MailRow[]> {
    return this.db.asOwner<MailRow>('select * from mails order by id');
  }

  /** Waits until every mail (`count` at least) has one of these states. */
  async settled(count: number, ...states: string[]): Promise<MailRow[]> {
    const reached = (rows: MailRow[]) => rows.length >= count && rows.every(({ status }) => states.includes(status));
    await eventually(async () => reached(await this.rows()), `${count} mails that are ${states.join(' or ')}`);
    return this.rows();
  }

  /** As if the pause before a recipient's next attempt, or the lease of a process that died, were over. */
  async letTimePass(recipient: string): Promise<void> {
    await this.db.asOwner(`update mails set next_attempt_at = now() where recipient = $1`, [recipient]);
  }

  /** Waits for the five refusals after which a mail is given up. */
  async refusedFiveTimes(recipient: string): Promise<void> {
    for (let refusals = 1; refusals <= 5; refusals += 1) {
      await eventually(async () => (await this.rows()).some((row) => row.refusals === refusals), `refusal ${refusals}`);
      await this.letTimePass(recipient);
    }
  }

  /** As new, for the next test. */
  async reset(): Promise<void> {
    this.smtp.reset();
    this.tickets.reset();
    this.logLines.length = 0;
    await this.db.asOwner('delete from mails');
    await this.db.asOwner('delete from announcements');
  }

  async remove(): Promise<void> {
    for (const service of this.services) await this.close(service);
    await this.smtp.stop();
    await this.tickets.stop();
    await this.db.drop();
    await dropDatabase(this.broker);
  }
}

async function migratedBroker(db: TestDatabase, name: string): Promise<string> {
  const password = randomBytes(16).toString('hex');
  const url = new URL(db.ownerUrl);
  url.pathname = `/${name}`;
  await migrateBroker({ url: url.href, password });
  url.username = name;
  url.password = password;
  return url.href;
}
