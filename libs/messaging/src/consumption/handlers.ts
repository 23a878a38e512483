import { subscriptions, type Consumer, type Envelope } from '@app/contracts';
import { requestContext, type RequestContext } from '@app/observability';
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

/** A message in its turn, and the ids that what follows from it is to bear. */
export interface Received {
  message: Envelope;
  context: RequestContext;
}

/** Runs Nest's handler of a group's type to its end: once with all messages (`@OnMessages`), or with each in turn (`@OnMessage`). */
export async function callHandler(server: Handlers, group: readonly [Received, ...Received[]]): Promise<void> {
  const { type } = group[0].message;
  const handler = server.getHandlerByPattern(type);
  if (!handler) throw new Error(`${type} has no handler`);
  const call = async (...given: Parameters<MessageHandler>) => {
    const result: unknown = await handler(...given);
    await lastValueFrom(server.transformToObservable(result), { defaultValue: undefined });
  };
  if (handler.extras?.takesGroups)
    return call(group.map(({ message, context: { traceparent } }) => ({ ...message, traceparent })));
  // The second argument is what `@Ctx()` hands to the method.
  for (const { message, context } of group) await requestContext.run(context, () => call(message.data, message));
}
