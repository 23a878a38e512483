import { commaListOf, host, logLevel, port } from '@app/configuration';
import { z } from 'zod';
import type { ServiceConfig } from './service-options.js';

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
  HOST: host,
  LOG_LEVEL: logLevel,
  SHUTDOWN_DELAY_SECONDS: z.coerce.number().min(0).max(60).default(0),
  SERVICE_SIGNING_KEY: z.string().min(1),
  SERVICE_PUBLIC_KEYS: publicKeys,
  PLATFORM_ADMINS: commaListOf(z.email('is not a comma list of e-mail addresses').toLowerCase()).default([]),
};
type ServiceEnvironment = z.infer<z.ZodObject<typeof serviceEnvironment>>;

/** The part of a service's config that `startService` needs. */
export const serviceConfig = (environment: ServiceEnvironment): ServiceConfig => ({
  port: environment.PORT,
  internalPort: environment.INTERNAL_PORT,
  host: environment.HOST,
  logLevel: environment.LOG_LEVEL,
  shutdownDelay: environment.SHUTDOWN_DELAY_SECONDS * 1000,
  signingKey: environment.SERVICE_SIGNING_KEY,
  publicKeys: environment.SERVICE_PUBLIC_KEYS,
  platformAdmins: environment.PLATFORM_ADMINS,
});
