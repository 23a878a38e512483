import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Everything secret that a platform of our own was configured with or mailed. */
export async function addSecretsOf({ dataDirectory }, { secrets: kept, databases, keysOf }, secrets) {
  for (const [name, value] of Object.entries(kept)) secrets.name(name, value);
  for (const [service, { ownerUrl, url }] of Object.entries(databases.of))
    for (const address of [ownerUrl, url].filter(Boolean))
      secrets.name(`the database password of ${service}`, decodeURIComponent(new URL(address).password));
  for (const service of ['api-gateway', 'ticket-api', 'payment-service', 'notification-service'])
    secrets.name(`the signing key of ${service}`, keysOf(service).privateKey);
  const folder = join(dataDirectory, 'mail');
  const mails = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  for (const mail of mails)
    for (const [token] of readFileSync(join(folder, mail), 'utf8').matchAll(/^[A-Za-z0-9_-]{43}\r?$/gm))
      secrets.name('a token that was mailed', token.trim());
  return mails.length;
}
