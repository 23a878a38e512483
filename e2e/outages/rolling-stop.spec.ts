import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually, startPlatform, type Platform } from '@app/testing';
import { person } from '../support/people.js';
import { sale } from '../support/sale.js';
import { Replica } from './support/replica.js';
import { ServiceAddress } from './support/service-address.js';
import { SteadyLoad } from './support/steady-load.js';

const SERVICES = ['ticket-api', 'payment-service', 'api-gateway'] as const;
type Service = (typeof SERVICES)[number];
/** Seconds between "not ready" and the end of listening; a service's address looks ten times a second. */
const SHUTDOWN_DELAY = '1.5';
/** Milliseconds. */
const READY_LIMIT = 60_000;
/** Answers of each kind between two steps. */
const STEADY = 5;
/** `OUTAGES=long`: each replica gives way to a new one, as in a deployment. In every run: one of each two stops. */
const isLong = process.env.OUTAGES === 'long';
// Twelve processes start.
jest.setTimeout(240_000);

describe('two replicas of each service behind addresses that know who is ready', () => {
  let platform: Platform;
  let load: SteadyLoad;
  const replicas = new Map<Service, Replica[]>();
  const addresses = {} as Record<Service | 'ticket-api/internal', ServiceAddress>;

  async function start(service: Service): Promise<void> {
    const replica = await Replica.start(platform, service, {
      SHUTDOWN_DELAY_SECONDS: SHUTDOWN_DELAY,
      TICKET_API_URL: addresses['ticket-api'].url,
      TICKET_API_INTERNAL_URL: addresses['ticket-api/internal'].url,
      PAYMENT_SERVICE_URL: addresses['payment-service'].url,
    });
    replicas.get(service)!.push(replica);
    addresses[service].add(replica);
    if (service === 'ticket-api') addresses['ticket-api/internal'].add(replica);
  }

  const ready = (service: keyof typeof addresses, count: number) =>
    eventually(() => expect(addresses[service].readyCount).toBe(count), READY_LIMIT);

  beforeAll(async () => {
    platform = await startPlatform({
      environment: { MAX_HOLDS_PER_BUYER: '0', RATE_LIMIT_ADDRESS: '0', RATE_LIMIT_CALLER: '0' },
    });
    const [buyer, selling] = [await person(platform), await sale(platform, { capacity: 100_000 })];
    for (const service of SERVICES) {
      replicas.set(service, []);
      addresses[service] = await ServiceAddress.open();
    }
    addresses['ticket-api/internal'] = await ServiceAddress.open('internalUrl');
    await Promise.all(SERVICES.flatMap((service) => [start(service), start(service)]));
    for (const name of Object.keys(addresses) as (keyof typeof addresses)[]) await ready(name, 2);
    const { dataDirectory } = platform;
    load = new SteadyLoad(addresses['api-gateway'].url, { selling, buyer, dataDirectory }).start();
    await load.goesOn(STEADY);
    load.forgetFailures();
  });
  afterAll(async () => {
    await load?.stop();
    await Promise.all([...replicas.values()].flat().map((replica) => replica.stop()));
    for (const address of Object.values(addresses)) address.close();
    await platform?.remove();
  });

  it.each(SERVICES)('SIGTERM to one of %s under load: it ends in order, and no request fails', async (service) => {
    const [first] = replicas.get(service)!;
    expect(await first!.stop()).toBe(0);
    await load.goesOn(STEADY);
    expect(load.failed).toEqual([]);
  });

  if (isLong)
    it.each(SERVICES)(
      'a new replica of %s takes over, and the last of the old ones stops: no request fails',
      async (service) => {
        await start(service);
        await ready(service, 2);
        await load.goesOn(STEADY);
        expect(await replicas.get(service)![1]!.stop()).toBe(0);
        await load.goesOn(STEADY);
        expect(load.failed).toEqual([]);
      },
    );
});
