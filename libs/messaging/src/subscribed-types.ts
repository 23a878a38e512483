import { subscriptions, type Consumer, type MessageContract } from '@app/contracts';

const byType = new Map<string, Consumer[]>();
for (const [consumer, contracts] of Object.entries(subscriptions) as [Consumer, readonly MessageContract[]][]) {
  for (const { type } of contracts) byType.set(type, [...(byType.get(type) ?? []), consumer]);
}

/** The services that act on messages of a type; none if nobody subscribed. */
export const consumersOf = (type: string): readonly Consumer[] => byType.get(type) ?? [];

export const consumers = Object.keys(subscriptions) as Consumer[];
