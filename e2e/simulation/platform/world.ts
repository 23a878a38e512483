import { audit, type AuditOptions } from '@app/invariants';
import { v7 as uuid } from 'uuid';
import { FaultyConnections } from '../engine/faulty-connections.js';
import { HeldCalls } from '../engine/held-calls.js';
import { Tasks } from '../engine/tasks.js';
import { VirtualClock } from '../engine/virtual-clock.js';
import { LedgerServer } from '../provider/ledger-server.js';
import { Provider } from '../provider/provider.js';
import { ProviderApi } from '../provider/provider-api.js';
import { ProviderClient } from '../provider/provider-client.js';
import { Bus } from './bus.js';
import { Databases } from './databases.js';
import { openServices, type Services } from './services.js';

export interface Person {
  id: string;
  name: string;
  email: string;
}

const BUYERS = 5;
/** What the audit is asked: outboxes and queues (I6) are looked at after each history, tenants (I8) have their own specs. */
const ASKED: AuditOptions['only'] = ['I1', 'I2', 'I3', 'I4', 'I5', 'I9', 'I10', 'I11', 'I12'];

/** Everything that histories happen in, made once: services, databases, bus, provider, clock. */
export class World {
  readonly tasks = new Tasks();
  readonly clock = new VirtualClock();
  readonly connections = new FaultyConnections(this.tasks, this.clock);
  readonly bus = new Bus();
  readonly calls = new HeldCalls();
  readonly provider = new Provider(this.clock);
  readonly mails: string[] = [];
  private readonly api = new ProviderApi(this.provider);
  readonly buyers: Person[] = [];
  organizer!: Person;
  databases!: Databases;
  services!: Services;
  private ledger!: LedgerServer;

  static async open(): Promise<World> {
    const world = new World();
    try {
      await world.begin();
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  private async begin(): Promise<void> {
    this.clock.install();
    const { bus, calls, mails } = this;
    this.databases = await Databases.create(this.clock);
    this.services = await openServices({
      ...{ databases: this.databases, bus, calls, mails },
      provider: new ProviderClient(this.api, calls),
    });
    this.connections.install();
    this.ledger = await LedgerServer.open(this.api);
    this.organizer = await this.person('Olga');
    for (let count = 1; count <= BUYERS; count += 1) this.buyers.push(await this.person(`Buyer ${count}`));
  }

  /** As if nothing had happened yet, but for the people. */
  async forget(): Promise<void> {
    while (this.calls.held.length > 0) this.calls.held[0]!.go({ execute: false, answer: false });
    await this.tasks.quiet();
    this.provider.forget();
    this.bus.queued.length = this.bus.dead.length = 0;
    await this.databases.empty();
  }

  /** @returns what is broken, in words, with the offenders; nothing when all invariants hold */
  async broken(): Promise<string[]> {
    await this.databases.tellTime();
    const { databases } = this;
    const report = await audit(
      {
        databases: {
          'ticket-api': databases.ownerUrl('ticket-api'),
          'payment-service': databases.ownerUrl('payment-service'),
          'notification-service': databases.ownerUrl('notification-service'),
        },
        broker: 'at-rest',
        provider: { apiBase: this.ledger.url, secretKey: 'sk_test_simulation' },
      },
      { ...OPTIONS, only: ASKED },
    );
    return report.judgements.flatMap(({ invariant, findings, notChecked }) => [
      ...findings.map(({ broken, found, examples }) => `${invariant}: ${found} ${broken}: ${JSON.stringify(examples)}`),
      ...notChecked.map((why) => `${invariant} could not be asked: ${why}`),
    ]);
  }

  async close(): Promise<void> {
    this.connections.uninstall();
    for (const service of Object.values(this.services ?? {})) await service.close();
    await this.ledger?.close();
    await this.databases?.drop();
    this.clock.uninstall();
  }

  private async person(name: string): Promise<Person> {
    const id = uuid();
    const email = `${id}@example.org`;
    const sql = `insert into users (id, email, password_hash, name) values ($1, $2, '', $3)`;
    await this.databases.ask('ticket-api', sql, [id, email, name]);
    return { id, name, email };
  }
}

const OPTIONS: AuditOptions = {
  ...{ atRest: true, waitSeconds: 0, patienceSeconds: 0, examples: 5, expectedDeadLetters: 0 },
  // All that ever moved.
  providerHours: 100_000,
};
