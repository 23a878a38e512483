import type { SupervisedService } from './processes/supervised-service.js';

/** What faces the world stops first, so that nothing new comes in; what others lean on, last. */
const ORDER = ['door', 'service', 'stand-in'] as const;

/** @param deadline epoch milliseconds after which whatever still runs is killed */
export async function stopInOrder(services: readonly SupervisedService[], deadline: number): Promise<void> {
  for (const tier of ORDER) {
    const group = services.filter(({ service }) => service.tier === tier);
    await Promise.all(group.map((service) => service.stop(deadline)));
  }
}
