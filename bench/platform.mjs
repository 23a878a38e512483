import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DAY = 86_400_000;
const JSON_TYPE = { 'content-type': 'application/json' };

/** A platform of its own with the limits of buyers off, as they are to come as fast as they can. */
export async function startPlatform(root, environment = {}) {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'ticketing-bench-'));
  const child = fork(join(root, 'dist/programs/standalone/main.js'), {
    silent: true,
    env: {
      ...process.env,
      RATE_LIMIT_AUTH: '0',
      RATE_LIMIT_ADDRESS: '0',
      RATE_LIMIT_CALLER: '0',
      MAX_HOLDS_PER_BUYER: '0',
      LOG_LEVEL: 'info',
      ...environment,
      DATA_DIR: dataDirectory,
      PORT: '0',
      SEED: 'off',
    },
  });
  child.stdout.resume();
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  const ready = await new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message.ready));
    child.once('exit', (code) => reject(new Error(`The platform ended with ${code}. ${said}`)));
  });
  return {
    url: ready.gateway,
    processes: ready.processes,
    dataDirectory,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(dataDirectory, { recursive: true, force: true });
    },
  };
}

/** What buyers and an organizer do at a platform before the sale. */
export class Sale {
  constructor(url) {
    this.api = `${url}/api/v1`;
  }

  async call(method, path, body, headers = {}) {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(this.api + path, { method, headers: { ...JSON_TYPE, ...headers }, ...sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  }

  /** @returns headers of a new person */
  async person() {
    const who = { email: `${randomUUID()}@bench.example`, password: 'bench-password-1' };
    await this.call('POST', '/auth/signup', { ...who, name: 'Bench' });
    const { accessToken } = await this.call('POST', '/auth/token', { grantType: 'password', ...who });
    return { authorization: `Bearer ${accessToken}` };
  }

  people(count) {
    return Promise.all(Array.from({ length: count }, () => this.person()));
  }

  /** @returns ids of a published event and its one ticket type */
  async event(organizer, capacity) {
    this.organization ??= await this.call(
      'POST',
      '/organizations',
      { name: 'Bench', slug: `bench-${randomUUID()}` },
      organizer,
    );
    const event = await this.call(
      'POST',
      '/events',
      {
        organizationId: this.organization.id,
        title: 'The rush',
        venue: { name: 'Hall', city: 'Paris' },
        startsAt: new Date(Date.now() + 30 * DAY).toISOString(),
        endsAt: new Date(Date.now() + 31 * DAY).toISOString(),
        timezone: 'Europe/Paris',
      },
      organizer,
    );
    const type = { name: 'Standing', price: { amount: 4500, currency: 'EUR' }, capacity, maxPerOrder: 10 };
    const { id: typeId } = await this.call('POST', `/events/${event.id}/ticket-types`, type, organizer);
    await this.call('POST', `/events/${event.id}/publish`, undefined, organizer);
    return { eventId: event.id, typeId };
  }
}

/** The owner's login to ticket-api's database of a platform of ours. */
export async function databaseOf({ dataDirectory }) {
  const compiled = '../dist/apps/standalone/src';
  const { databasesOn } = await import(`${compiled}/databases/databases.js`);
  const { databasePassword, loadSecrets } = await import(`${compiled}/data-directory/secrets.js`);
  const { EmbeddedPostgres } = await import(`${compiled}/embedded-postgres/embedded-postgres.js`);
  const secrets = loadSecrets(join(dataDirectory, 'secrets.json'));
  const port = EmbeddedPostgres.portInUse(join(dataDirectory, 'postgres'));
  const owner = `postgres://postgres:${databasePassword(secrets, 'owner')}@127.0.0.1:${port}/postgres`;
  return databasesOn(owner, 'ticketing', secrets).of['ticket-api'].ownerUrl;
}
