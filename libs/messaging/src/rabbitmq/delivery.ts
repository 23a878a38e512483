import type { Message, Options } from 'amqplib';

const FAILURES = 'x-failures';
const ERROR = 'x-error';
const DIED_AT = 'x-died-at';

/** The parsed body; undefined, which no contract accepts, when it is not JSON. */
export function readBody({ content }: Message): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return undefined;
  }
}

/** Failed tries so far. */
export const failuresOf = ({ properties }: Message): number => Number(properties.headers?.[FAILURES] ?? 0);
export const errorOf = ({ properties }: Message): string | undefined =>
  properties.headers?.[ERROR] as string | undefined;
export const diedAtOf = ({ properties }: Message): string | undefined =>
  properties.headers?.[DIED_AT] as string | undefined;

/** The same message on its way to another queue, with the history of its tries. */
export function forwarded(message: Message, tries: { kind: string; failures: number; error: string }): Options.Publish {
  const died = tries.kind === 'dead' ? { [DIED_AT]: new Date().toISOString() } : {};
  // Headers have to fit into one frame.
  const history = { [FAILURES]: tries.failures, [ERROR]: tries.error.slice(0, 1_000), ...died };
  return { ...publishOptions(message), headers: { ...message.properties.headers, ...history } };
}

/** The same message as if it had never been tried. */
export function renewed(message: Message): Options.Publish {
  const traceparent: unknown = message.properties.headers?.traceparent;
  return { ...publishOptions(message), headers: traceparent ? { traceparent } : {} };
}

const publishOptions = ({ properties }: Message): Options.Publish => ({
  persistent: true,
  contentType: properties.contentType as string,
  messageId: properties.messageId as string,
  type: properties.type as string,
  correlationId: properties.correlationId as string,
  timestamp: properties.timestamp as number,
});
