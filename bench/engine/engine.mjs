import { fork } from 'node:child_process';
import { join } from 'node:path';
import { on } from '../stage/databases.mjs';

/** Room for pgbench beside the platform's own connections. */
const POOL = 20;

/** A database of ticket-api's on the server of a platform, made by its own `migrate` and used with its own login role. */
export async function openDatabase(root, { inner }, name) {
  const ownerUrl = at(inner.ownerUrl, name);
  const password = inner.databases.of['ticket-api'].password;
  const loginUrl = at(inner.ownerUrl, name, { user: name, password });
  const child = fork(join(root, 'dist/programs/ticket-api/migrate.js'), {
    silent: true,
    env: { PATH: process.env.PATH, DATABASE_URL: ownerUrl, DATABASE_ROLE_PASSWORD: password },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${name} could not be made: ${said}`);
  return { ownerUrl, loginUrl, close: () => on(inner.ownerUrl, `drop database "${name}" with (force)`) };
}

/** ticket-api's engine on such a database: reservations without a hop. */
export class Engine {
  static async open(root, site, database, environment = {}) {
    const { secrets, keysOf } = site.inner;
    const { privateKey, publicKey } = keysOf('ticket-api');
    const child = fork(join(root, 'bench/engine/engine-process.mjs'), {
      silent: true,
      env: {
        ...{ PATH: process.env.PATH, PORT: '0', INTERNAL_PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'warn' },
        ...{ PUBLIC_URL: site.url, MAX_HOLDS_PER_BUYER: '0', ORDER_HOLD_SECONDS: '86400', DATABASE_POOL: String(POOL) },
        DATABASE_URL: database.loginUrl,
        // Nobody carries messages away: neither here nor for the floor.
        BROKER_DATABASE_URL: `${database.loginUrl}_that_is_away`,
        SERVICE_SIGNING_KEY: privateKey,
        SERVICE_PUBLIC_KEYS: JSON.stringify({ 'ticket-api': publicKey }),
        ACCESS_TOKEN_KEY: secrets.accessTokenKey,
        TICKET_SIGNING_KEY: secrets.ticketSigningKey,
        ACCOUNT_SECRETS_KEY: secrets.accountSecretsKey,
        PAYMENT_SERVICE_INTERNAL_URL: 'http://127.0.0.1:1',
        NOTIFICATION_SERVICE_INTERNAL_URL: 'http://127.0.0.1:1',
        CHECKOUT_LINK_SECRET: secrets.checkoutLinkSecret,
        ...environment,
      },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`The engine ended with ${code}: ${said.slice(-2_000)}`)));
    });
    return new Engine(child, database);
  }

  /** Ids of the orders that it has placed. */
  seen = [];

  constructor(child, database) {
    this.child = child;
    this.database = database;
  }

  /** @returns orders a second */
  async reserve(sale, pace) {
    const answered = new Promise((resolve) => this.child.once('message', resolve));
    this.child.send({ sale, ...pace });
    const { perSecond, seen, failure } = await answered;
    if (failure) throw new Error(failure);
    this.seen.push(...seen);
    return perSecond;
  }

  async close() {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    await ended;
  }
}

function at(url, database, login) {
  const other = new URL(url);
  other.pathname = `/${database}`;
  if (login) Object.assign(other, { username: login.user, password: encodeURIComponent(login.password) });
  return other.href;
}
