import { randomBytes } from 'node:crypto';
import { migrateDatabase, type MigrationPlan } from '@app/persistence';
import { dropDatabase, testServerUrl } from '@app/testing';
import type { Sources } from '@app/invariants';
import pg from 'pg';
import { migrations as notificationMigrations } from '../../../apps/notification-service/src/migrations/index.js';
import { migrations as paymentMigrations } from '../../../apps/payment-service/src/migrations/index.js';
import { migrations as ticketMigrations } from '../../../apps/ticket-api/src/migrations/index.js';
import { createTimelessDatabase, setTime, type VirtualClock } from '../engine/virtual-clock.js';

export type ServiceName = keyof Sources['databases'] & string;

const PLANS: Record<ServiceName, MigrationPlan['migrations']> = {
  'ticket-api': ticketMigrations,
  'payment-service': paymentMigrations,
  'notification-service': notificationMigrations,
};

/** A database for each service, whose time is the simulation's. */
export class Databases {
  private readonly owners = new Map<ServiceName, pg.Client>();
  private readonly told = new Map<ServiceName, number>();

  private constructor(
    private readonly clock: VirtualClock,
    private readonly names: Record<ServiceName, string>,
    private readonly password: string,
  ) {}

  static async create(clock: VirtualClock): Promise<Databases> {
    const suffix = randomBytes(5).toString('hex');
    const services = Object.keys(PLANS) as ServiceName[];
    const names = Object.fromEntries(services.map((name) => [name, `sim_${name.replaceAll('-', '_')}_${suffix}`]));
    const databases = new Databases(clock, names as Record<ServiceName, string>, suffix);
    try {
      for (const service of services) {
        await createTimelessDatabase(testServerUrl(), databases.names[service]);
        const url = databases.ownerUrl(service);
        await migrateDatabase({ url, password: databases.password, migrations: PLANS[service] });
        const owner = new pg.Client({ connectionString: url });
        await owner.connect();
        databases.owners.set(service, owner);
      }
    } catch (error) {
      await databases.drop();
      throw error;
    }
    return databases;
  }

  /** The service's own login. */
  urlOf(service: ServiceName): string {
    const url = new URL(this.ownerUrl(service));
    url.username = this.names[service];
    url.password = this.password;
    return url.href;
  }

  ownerUrl(service: ServiceName): string {
    const url = new URL(testServerUrl());
    url.pathname = `/${this.names[service]}`;
    return url.href;
  }

  /** As the owner, past the service's doors, at the simulation's time. */
  async ask<Row>(service: ServiceName, sql: string, parameters: unknown[] = []): Promise<Row[]> {
    const owner = this.owners.get(service)!;
    if (this.told.get(service) !== this.clock.now) await owner.query(`set simulation.now = '${this.clock.iso}'`);
    this.told.set(service, this.clock.now);
    return (await owner.query(sql, parameters)).rows as Row[];
  }

  /** Removes all rows but people's and what migrations wrote. */
  async empty(): Promise<void> {
    for (const service of this.owners.keys()) {
      const tables = await this.ask<{ name: string }>(
        service,
        `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> all($1)`,
        [KEPT],
      );
      await this.ask(service, `truncate ${tables.map(({ name }) => name).join(', ')}`);
    }
  }

  /** The organization of something that a finding names: an order, a payment, a refund, or the provider's id of one. */
  async tenantsOf(ids: readonly string[]): Promise<string[]> {
    const orders = await this.ask<{ tenant_id: string }>('ticket-api', TENANTS_OF_ORDERS, [ids]);
    const payments = await this.ask<{ tenant_id: string }>('payment-service', TENANTS_OF_PAYMENTS, [ids]);
    return [...orders, ...payments].map((row) => row.tenant_id);
  }

  /** Whoever connects from now on has the simulation's time. */
  async tellTime(): Promise<void> {
    for (const [service, owner] of this.owners) await owner.query(setTime(this.names[service], this.clock));
  }

  async drop(): Promise<void> {
    for (const owner of this.owners.values()) await owner.end();
    for (const name of Object.values(this.names)) await dropDatabase(name);
  }
}

const KEPT = ['schema_migrations', 'users', 'refund_pace'];

const TENANTS_OF_ORDERS = `
  select distinct o.tenant_id from orders o
  left join tickets t on t.order_id = o.id left join stock_counters c on c.event_id = o.event_id
  where o.id::text = any($1) or t.id::text = any($1) or c.id::text = any($1) or o.payment_id::text = any($1)`;

const TENANTS_OF_PAYMENTS = `
  select distinct p.tenant_id from payments p left join refunds r on r.payment_id = p.id
  where p.id::text = any($1) or p.order_id::text = any($1) or p.payment_intent = any($1)
    or r.id::text = any($1) or r.provider_refund_id = any($1)`;
