import { z } from 'zod';
import type { ServiceConfig } from './service-options.js';

const port = z.coerce.number().int().min(0).max(65_535);

const publicKeys = z.string().transform((text, context): Record<string, string> => {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text));
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a JSON object of service name → SPKI DER base64' });
    return z.NEVER;
  }
});

/** Variables of every service, to spread into the schema of its `config.ts`. */
export const serviceEnvironment = {
  PORT: port,
  INTERNAL_PORT: port,
  HOST: z.string().min(1).default('127.0.0.1'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SERVICE_SIGNING_KEY: z.string().min(1),
  SERVICE_PUBLIC_KEYS: publicKeys,
};
type ServiceEnvironment = z.infer<z.ZodObject<typeof serviceEnvironment>>;

/** The part of a service's config that `startService` needs. */
export const serviceConfig = (environment: ServiceEnvironment): ServiceConfig => ({
  port: environment.PORT,
  internalPort: environment.INTERNAL_PORT,
  host: environment.HOST,
  logLevel: environment.LOG_LEVEL,
  signingKey: environment.SERVICE_SIGNING_KEY,
  publicKeys: environment.SERVICE_PUBLIC_KEYS,
});

/** The environment does not fit; names every variable that is missing or wrong, and never its value. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

/** @throws ConfigurationError. Empty variables count as absent: compose files and shells pass them on. */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<Schema> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = schema.safeParse(given);
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return `  ${name}: ${name in given ? message : 'is missing'}`;
  });
  throw new ConfigurationError(`The environment does not fit:\n${lines.join('\n')}`);
}
