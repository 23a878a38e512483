import { setTimeout as sleep } from 'node:timers/promises';
import { processesOf } from '../../bench/stage/processes.mjs';
import { oneOf, shuffled } from '../draw.mjs';

const SERVICES = ['api-gateway', 'ticket-api', 'payment-service', 'notification-service', 'stripe-simulator'];
/** A service that was killed a moment before may be on its way back; in milliseconds. */
const PATIENCE = 5_000;

/** What happens to the platform's own processes. The supervisor brings back what was killed. */
export const PROCESS_FAULTS = [
  {
    kind: 'kill',
    weight: 8,
    draw: (random) => ({ services: [oneOf(random, SERVICES)] }),
    begin: ({ platform }, { services }) => signal(platform, services, 'SIGKILL'),
  },
  {
    kind: 'kill-two',
    weight: 3,
    draw: (random) => ({ services: shuffled(random, SERVICES).slice(0, 2) }),
    begin: ({ platform }, { services }) => signal(platform, services, 'SIGKILL'),
  },
  {
    kind: 'freeze',
    weight: 4,
    seconds: [2, 9],
    draw: (random) => ({ services: [oneOf(random, SERVICES)] }),
    async begin({ platform }, { services }) {
      const frozen = await signal(platform, services, 'SIGSTOP');
      return () => frozen.forEach((pid) => send(pid, 'SIGCONT'));
    },
  },
];

async function signal(platform, services, name) {
  const pids = [];
  for (const service of services) {
    const end = Date.now() + PATIENCE;
    let pid = processesOf(platform)[service];
    for (; !send(pid, name); pid = processesOf(platform)[service]) {
      if (Date.now() > end) throw new Error(`no process of ${service} runs`);
      await sleep(50);
    }
    pids.push(pid);
  }
  return name === 'SIGSTOP' ? pids : undefined;
}

/** False when there is no such process (any more). */
function send(pid, name) {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
