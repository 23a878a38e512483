import { subscriptions, type Consumer, type Envelope } from '@app/contracts';
import type { MessageHandler, Server } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';

/**
 * A service handles exactly the types of its row, each once: a type without a handler would pile up as dead letters,
 * one outside of the table would never arrive, and two handlers of one type would run at once in one transaction.
 * @throws with all differences.
 */
export function assertHandlers(service: Consumer, handlers: ReadonlyMap<string, MessageHandler>): void {
  const wanted = new Set<string>(subscriptions[service].map(({ type }) => type));
  const faults = [
    ...[...wanted].filter((type) => !handlers.has(type)).map((type) => `${type} has no handler`),
    ...[...handlers.keys()].filter((type) => !wanted.has(type)).map((type) => `${type} is not in its subscriptions`),
    ...[...handlers].filter(([, handler]) => handler.next).map(([type]) => `${type} has several handlers`),
  ];
  if (faults.length > 0)
    throw new Error(`The message handlers of ${service} differ from its subscriptions: ${faults.join('; ')}.`);
}

type Handlers = Pick<Server, 'getHandlerByPattern' | 'transformToObservable'>;

/** Runs Nest's handler of a message to its end. */
export async function callHandler(server: Handlers, envelope: Envelope): Promise<void> {
  const handler = server.getHandlerByPattern(envelope.type);
  if (!handler) throw new Error(`${envelope.type} has no handler`);
  // The second argument is what `@Ctx()` hands to the method.
  const result: unknown = await handler(envelope.data, envelope);
  await lastValueFrom(server.transformToObservable(result), { defaultValue: undefined });
}
