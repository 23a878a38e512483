import type { Message, Options } from 'amqplib';
import type { FailedTry } from '../consumption/outcome.js';

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
export function forwarded(message: Message, { kind, failures, error }: FailedTry): Options.Publish {
  // Headers have to fit into one frame.
  const history = { [FAILURES]: failures, [ERROR]: error.slice(0, 1_000) };
  const died = kind === 'dead' ? { [DIED_AT]: new Date().toISOString() } : {};
  const options = renewed(message);
  return { ...options, headers: { ...(options.headers as object), ...history, ...died } };
}

/** The same message as if it had never been tried. The broker's own headers stay behind: it would take them for a circle. */
export function renewed({ properties }: Message): Options.Publish {
  const traceparent: unknown = properties.headers?.traceparent;
  return {
    persistent: true,
    contentType: properties.contentType as string,
    messageId: properties.messageId as string,
    type: properties.type as string,
    correlationId: properties.correlationId as string,
    timestamp: properties.timestamp as number,
    headers: traceparent ? { traceparent } : {},
  };
}
