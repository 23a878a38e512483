import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigurationError } from '@app/configuration';
import { addressesOf } from './addresses.js';
import { bannerOf } from './banner.js';
import { brokerOf, removeBroker, writeBroker } from './broker-file.js';
import { claimDirectory, type Claim } from './claim.js';
import type { Config } from './config.js';
import { databasePassword } from './data-directory/secrets.js';
import { databasesOn, OWNERS, type DatabaseOwner, type Databases } from './databases/databases.js';
import { prepareDatabases } from './databases/prepare-databases.js';
import { EmbeddedPostgres } from './embedded-postgres/embedded-postgres.js';
import { ExpectedError, Interrupted } from './expected-error.js';
import type { Terminal } from './logs/terminal.js';
import { assertPeersAnswer } from './peers.js';
import { PlatformFile, type PlatformFacts } from './platform-file.js';
import type { Programs } from './programs.js';
import type { Service } from './processes/service.js';
import { SupervisedService } from './processes/supervised-service.js';
import type { DemoAccounts } from './seed/demo.js';
import { seed } from './seed/seed.js';
import { servicesOf } from './services.js';
import { stopInOrder } from './stop-in-order.js';

/** Services may take this long to stop, in milliseconds; they give themselves 25 s. */
const STOP = 27_000;
/** What a start was in the middle of may take this long to notice that it is over. */
const INTERRUPTION = 5_000;
/** How often a start that drags on says what it waits for. */
const REMINDER = 10_000;

export interface Ready extends PlatformFacts {
  readonly demo: DemoAccounts | undefined;
}

/** Everything that `npm start` runs, from the claim on its data directory to the last service. */
export class Platform {
  private readonly abort = new AbortController();
  private readonly services: SupervisedService[] = [];
  private starting: Promise<Ready> | undefined;
  private ending: Promise<void> | undefined;
  private claim: Claim | undefined;
  private postgres: EmbeddedPostgres | undefined;
  private giveUp!: (error: ConfigurationError) => void;
  /** Rejects when a service cannot use its environment, at the start or later: call `stop` then. */
  readonly broken = new Promise<never>((_, giveUp) => (this.giveUp = giveUp));

  constructor(
    private readonly config: Config,
    private readonly terminal: Terminal,
    private readonly programs: Programs,
  ) {
    this.broken.catch(() => undefined);
  }

  /**
   * @throws ExpectedError or ConfigurationError for what the person at the keyboard can mend; call `stop` then too.
   * Interrupted, whatever failed, once `stop` was called
   */
  start(): Promise<Ready> {
    this.starting = this.begin();
    return Promise.race([this.starting, this.broken]).catch((error: unknown) => {
      this.abort.signal.throwIfAborted();
      throw error;
    });
  }

  /** Ends everything in order, also in the middle of a start. @param why a signal, or in words */
  stop(why: string): Promise<void> {
    this.abort.abort(new Interrupted(why));
    return (this.ending ??= this.end());
  }

  /** For those who do not want to wait for `stop`: services are killed. */
  hurry(): void {
    for (const service of this.services) void service.stop(Date.now());
  }

  private async begin(): Promise<Ready> {
    const since = Date.now();
    const { config, abort } = this;
    const claim = (this.claim = await claimDirectory(config, this.terminal, abort.signal));
    const { directory, ports, secrets, log } = claim;
    const ownerUrl = config.databaseUrl ?? this.embed(claim).url;
    const databases = databasesOn(ownerUrl, config.databasePrefix, secrets);
    const table = servicesOf({
      config,
      secrets,
      ports,
      databases,
      programs: this.programs,
      compileCache: directory.compileCache,
    });
    this.assertCompiled(table);
    await assertPeersAnswer(config);
    abort.signal.throwIfAborted();

    const independent = table.filter(
      ({ tier, environment }) => tier === 'stand-in' && !('DATABASE_URL' in environment),
    );
    const others = table.filter((service) => !independent.includes(service));
    const early = Promise.all(independent.map((service) => this.run(service, claim)));
    early.catch(() => undefined);
    await this.openDatabases(databases, table, claim);
    const late = others.map((service) => this.run(service, claim));
    await this.reminding(Promise.all([early, ...late]));

    const addresses = addressesOf(config, ports);
    const demo = config.seed ? await seed(addresses, directory.demo, log, abort.signal) : undefined;
    abort.signal.throwIfAborted();
    const file = new PlatformFile(directory.platform);
    const state = () => ({
      pid: process.pid,
      dataDirectory: directory.root,
      ...addresses,
      processes: claim.register.pids,
    });
    const facts = state();
    file.write(facts);
    writeBroker(directory.broker, brokerOf(config, databases));
    claim.register.changed = () => file.write(state());
    log.show(bannerOf(facts, demo, (Date.now() - since) / 1000));
    return { ...facts, demo };
  }

  private embed({ directory, ports, secrets, log }: Claim): { url: string } {
    const password = databasePassword(secrets, 'owner');
    const logFile = join(directory.logs, 'postgres.log');
    this.postgres = new EmbeddedPostgres({
      folder: directory.postgres,
      port: ports.postgres,
      logFile,
      password,
      tell: (level, message) => log.say(level, message),
    });
    return { url: this.postgres.url('postgres') };
  }

  /** Skips nothing silently: a service without its entry file is an error. */
  private assertCompiled(table: readonly Service[]): void {
    const migrations = ownersIn(table).map((owner) => this.programs.of(owner, 'migrate'));
    const missing = [...table.map(({ entry }) => entry), ...migrations].filter((entry) => !existsSync(entry));
    if (missing.length === 0) return;
    throw new ExpectedError(
      `These programs are not compiled: ${missing.join(', ')}. \`npm start\` compiles before it starts.`,
    );
  }

  private async openDatabases(
    databases: Databases,
    table: readonly Service[],
    { directory, log }: Claim,
  ): Promise<void> {
    await this.postgres?.start();
    this.abort.signal.throwIfAborted();
    await prepareDatabases(databases, {
      programs: this.programs,
      services: ownersIn(table),
      broker: this.config.rabbitmqUrl === undefined,
      environment: { ...this.config.inherited, NODE_COMPILE_CACHE: directory.compileCache },
      log,
      signal: this.abort.signal,
    });
  }

  private run(service: Service, { log, register }: Claim): Promise<void> {
    this.abort.signal.throwIfAborted();
    const supervised = new SupervisedService(service, log, register);
    this.services.push(supervised);
    void supervised.misconfigured.then(this.giveUp);
    return supervised.start();
  }

  private async reminding(work: Promise<unknown>): Promise<void> {
    const timer = setInterval(() => {
      const slow = this.services.filter(({ isReady }) => !isReady);
      this.claim?.log.say('info', `still waiting for ${slow.map(({ service }) => service.name).join(', ')}`);
    }, REMINDER);
    await work.finally(() => clearInterval(timer));
  }

  private async end(): Promise<void> {
    const deadline = Date.now() + STOP;
    this.claim?.lock.stopping();
    if (this.claim) this.claim.register.changed = () => undefined;
    if (this.claim) new PlatformFile(this.claim.directory.platform).remove();
    if (this.claim) removeBroker(this.claim.directory.broker);
    await stopInOrder(this.services, deadline);
    await Promise.race([this.starting?.catch(() => undefined), sleep(INTERRUPTION, undefined, { ref: false })]);
    await stopInOrder(this.services, deadline);
    await this.postgres?.stop();
    if (!this.claim) return;
    this.claim.register.clear();
    this.claim.log.say('info', 'everything has stopped');
    await this.claim.log.close();
    this.claim.lock.release();
  }
}

const ownersIn = (table: readonly Service[]): DatabaseOwner[] =>
  OWNERS.filter((owner) => table.some(({ name }) => name === owner));
