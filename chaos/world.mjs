import { randomBytes } from 'node:crypto';
import { innerSide } from '../bench/stage/databases.mjs';
import { startPlatform } from '../bench/stage/platform.mjs';
import { Simulator } from './faults/simulator.mjs';
import { environmentOf, openPeers } from './peers/peers.mjs';
import { RETRY_DELAYS } from './peers/retry-delays.mjs';

/**
 * A platform as `npm start` runs it, on peers that can be reached, slowed down and cut off by cables of this run.
 * @param holdSeconds how long a hold lasts: short, so that holds end within the run
 */
export async function openWorld(root, { isPrivate, holdSeconds }) {
  const label = `chaos_${randomBytes(4).toString('hex')}`;
  const peers = await openPeers(label, { isPrivate, environment: process.env });
  let platform;
  try {
    platform = await startPlatform(root, {
      ...environmentOf(peers),
      ORDER_HOLD_SECONDS: String(holdSeconds),
      RECONCILE_PENDING_SECONDS: '10',
    });
    const inner = await innerSide(platform, { ownerUrl: peers.database.direct, prefix: label });
    const account = { apiBase: platform.simulator, secretKey: inner.secrets.stripeSecretKey };
    const simulator = new Simulator(platform.simulatorAdmin, account);
    const close = async (how) => {
      await platform.stop(how);
      await peers.remove();
    };
    return { peers, platform, inner, simulator, close };
  } catch (error) {
    await platform?.stop();
    await peers.remove();
    throw error;
  }
}

/** For who audits: past all cables. */
export function sourcesOf({ peers, platform, inner }) {
  const owner = (service) => inner.databases.of[service].ownerUrl;
  const broker = peers.broker
    ? { RABBITMQ_URL: peers.broker.direct }
    : { BROKER_DATABASE_URL: inner.databases.broker.ownerUrl };
  return {
    databases: Object.fromEntries(
      ['ticket-api', 'payment-service', 'notification-service'].map((service) => [service, owner(service)]),
    ),
    broker: { ...broker, MESSAGE_RETRY_DELAYS: RETRY_DELAYS.join(',') },
    provider: { apiBase: platform.simulator, secretKey: inner.secrets.stripeSecretKey },
  };
}
