import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type LogFn, type Logger } from 'pino';
import { BackgroundOutput } from './background-output.js';
import { isError, REDACTED, redactError, redactText, redactValue } from './redaction.js';
import { requestContext } from './request-context.js';

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';

/** Names of fields that are given to pino as they are: their values never reach a log, up to three levels deep. */
const secrets = [
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'x-identity',
  'x-api-key',
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'access_token',
  'refresh_token',
  'secret',
];
const paths = secrets.flatMap((name) => ['', '*.', '*.*.'].map((depth) => `${depth}["${name}"]`.replace('.[', '[')));

let standardOutput: BackgroundOutput | undefined;

/**
 * One JSON object a line on standard output (or `destination`). Every line names the service and, inside a request or a
 * message, its ids. Lines are written in the background, and those of a dying process before its end.
 */
export function createLogger(service: string, level: LogLevel = 'info', destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: { service },
      redact: { paths, censor: REDACTED },
      serializers: { err: (error: unknown) => redactError(error), details: redactAll, data: redactAll },
      hooks: { logMethod: withRedactedTexts },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => {
        const context = requestContext.getStore();
        return context ? { requestId: context.requestId, correlationId: context.correlationId } : {};
      },
    },
    destination ?? (standardOutput ??= new BackgroundOutput(1)),
  );
}

const redactAll = (value: unknown) => redactValue(value);

/** Messages are made of what errors say, and those say addresses and values. */
function withRedactedTexts(this: Logger, given: Parameters<LogFn>, log: LogFn): void {
  const [first, message, ...more] = given as unknown[];
  const fields = isError(first) ? { err: first } : first;
  const { err } = (fields ?? {}) as { err?: unknown };
  const said = message === undefined && isError(err) ? err.message : message;
  const parts = [fields, said, ...more].map((part) => (typeof part === 'string' ? redactText(part) : part));
  log.apply(this, parts as Parameters<LogFn>);
}

/** Who tells at every start what the routes and modules are: hundreds of lines that nobody reads. */
const CHATTY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication']);

/** As it stands in the source: where several programs' modules share a file, the bundler marks a name with `_` or a number. */
const className = (context: unknown): string => String(context).replace(/^_|\d+$/g, '');

/** Nest's own log lines, and those of its `Logger`, through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.write(CHATTY.has(className(rest.at(-1))) ? 'debug' : 'info', message, rest);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }
  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }
  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }
  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  /** Nest hands over the context last, and before it a stack or whatever else the caller gave. */
  private write(level: Exclude<LogLevel, 'silent'>, given: unknown, rest: unknown[]): void {
    const message = errorOfEvent(given) ?? given;
    const context = typeof rest.at(-1) === 'string' ? className(rest.at(-1)) : undefined;
    const more = (context === undefined ? rest : rest.slice(0, -1)).filter((part) => part !== undefined);
    const err = [message, ...more].find(isError);
    const details = more.filter((part) => part !== err);
    const fields = { context, ...(err ? { err } : {}), ...(details.length > 0 ? { details } : {}) };
    if (isError(message)) this.logger[level](fields, message.message);
    else if (typeof message === 'string') this.logger[level](fields, message);
    else this.logger[level]({ ...fields, data: message });
  }
}

/** Nest logs the events of its RabbitMQ connection as they come: an object around an error. */
function errorOfEvent(given: unknown): Error | undefined {
  const { err } = (given ?? {}) as { err?: unknown };
  return isError(err) ? err : undefined;
}
