import { databasePassword, type Secrets } from '../data-directory/secrets.js';

/** Services that have a database of their own. */
export const OWNERS = ['ticket-api', 'payment-service', 'notification-service', 'stripe-simulator'] as const;
export type DatabaseOwner = (typeof OWNERS)[number];

/** One database of ours: the owner's login migrates it, the service's login uses it. */
export interface ServiceDatabase {
  readonly name: string;
  readonly ownerUrl: string;
  /** Bears the database's name. */
  readonly role: string;
  readonly password: string;
  readonly loginUrl: string;
}

export interface Databases {
  /** Owner's login to the server's maintenance database. */
  readonly serverUrl: string;
  readonly of: Readonly<Record<DatabaseOwner, ServiceDatabase>>;
  /** pg-boss's. */
  readonly broker: ServiceDatabase;
}

/** @param ownerUrl the owner's login to the server; @param prefix begins the name of every database of ours there */
export function databasesOn(ownerUrl: string, prefix: string, secrets: Secrets): Databases {
  const database = (owner: string): ServiceDatabase => {
    const name = nameOf(prefix, owner);
    const password = databasePassword(secrets, name);
    return {
      name,
      role: name,
      password,
      ownerUrl: at(ownerUrl, name),
      loginUrl: at(ownerUrl, name, { user: name, password }),
    };
  };
  return {
    serverUrl: at(ownerUrl, 'postgres'),
    of: Object.fromEntries(OWNERS.map((owner) => [owner, database(owner)])) as Record<DatabaseOwner, ServiceDatabase>,
    broker: database('broker'),
  };
}

/** The owner's login to one of these databases, for who only looks. */
export const ownerUrlOf = (owner: DatabaseOwner | 'broker', ownerUrl: string, prefix: string) =>
  at(ownerUrl, nameOf(prefix, owner));

const nameOf = (prefix: string, owner: string) => `${prefix}_${owner.replaceAll('-', '_')}`;

/** The same server, another database; another login, if given. */
function at(url: string, database: string, login?: { user: string; password: string }): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(database)}`;
  if (login) {
    other.username = encodeURIComponent(login.user);
    other.password = encodeURIComponent(login.password);
  }
  return other.href;
}
