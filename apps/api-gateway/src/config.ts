import { redisConfig, redisEnvironment } from '@app/caching';
import { commaListOf, contradiction, httpUrl, readEnvironment, withoutSlash } from '@app/configuration';
import { ORDER_GROUP_MEMBERS } from '@app/contracts';
import { serviceConfig, serviceEnvironment } from '@app/http';
import { isIP } from 'node:net';
import { z } from 'zod';
import { oidcIssuers } from './authentication/issuers/oidc-issuers.js';

/** As proxies are named to Fastify: an IP address, or a network in CIDR notation. */
function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  const fits = length === undefined || (/^\d+$/.test(length) && Number(length) >= 1 && Number(length) <= longest);
  return longest > 0 && fits && more.length === 0;
}

/** As browsers write an origin (RFC 6454 §6.2): scheme, host and port without what goes without saying, and nothing else. */
const isOrigin = (text: string) => /^https?:[^*]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

const perMinute = (standard: number) => z.coerce.number().int().min(0).default(standard);

const Environment = z.object({
  ...serviceEnvironment,
  PUBLIC_URL: httpUrl,
  TICKET_API_URL: httpUrl,
  TICKET_API_INTERNAL_URL: httpUrl,
  PAYMENT_SERVICE_URL: httpUrl,
  NOTIFICATION_SERVICE_URL: httpUrl,
  ...redisEnvironment,
  ORDER_BATCH_SIZE: z.coerce.number().int().min(1).max(ORDER_GROUP_MEMBERS).default(ORDER_GROUP_MEMBERS),
  ORDER_QUEUE: z.coerce.number().int().min(1).default(4_000),
  // One address may hide a whole office, a caller is one person; the address limit on /auth/* lets a room full of people
  // sign up in the same minute. Guessing one account's password is slowed down by ticket-api, whatever the address.
  RATE_LIMIT_ADDRESS: perMinute(6000),
  RATE_LIMIT_CALLER: perMinute(1200),
  RATE_LIMIT_AUTH: perMinute(600),
  // Keys belong to programs: a till, a gate's device. An organization may have many, so all of them together count as well.
  RATE_LIMIT_KEY: perMinute(3000),
  RATE_LIMIT_TENANT: perMinute(12_000),
  TRUSTED_PROXIES: commaListOf(
    z.string().refine(isNetwork, 'is not a comma list of IP addresses and networks (10.0.0.0/8)'),
  ).default([]),
  OIDC_ISSUERS: oidcIssuers,
  CORS_ORIGINS: commaListOf(
    z.string().refine(isOrigin, 'is not a comma list of origins (https://shop.example, no path, no *)'),
  ).default([]),
});

/** The gateway's whole configuration. @throws ConfigurationError naming every variable that is missing or wrong. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env) {
  const given = readEnvironment(Environment, environment);
  const publicUrl = withoutSlash(given.PUBLIC_URL);
  if (given.OIDC_ISSUERS.some(({ issuer }) => withoutSlash(issuer) === publicUrl))
    throw contradiction('OIDC_ISSUERS names PUBLIC_URL, in whose name our own tokens are made');
  return Object.freeze({
    ...serviceConfig(given),
    /** As it stands in `iss` of access tokens: without a slash at its end. */
    publicUrl,
    ticketApiInternalUrl: given.TICKET_API_INTERNAL_URL,
    upstreams: {
      'ticket-api': given.TICKET_API_URL,
      'payment-service': given.PAYMENT_SERVICE_URL,
      'notification-service': given.NOTIFICATION_SERVICE_URL,
    },
    redis: redisConfig(given),
    /** Orders that travel together at most (1: each alone), and that wait at most. */
    ordering: { batchSize: given.ORDER_BATCH_SIZE, waiting: given.ORDER_QUEUE },
    /** Requests a minute; 0 is off. */
    limits: {
      address: given.RATE_LIMIT_ADDRESS,
      caller: given.RATE_LIMIT_CALLER,
      auth: given.RATE_LIMIT_AUTH,
      key: given.RATE_LIMIT_KEY,
      tenant: given.RATE_LIMIT_TENANT,
    },
    /** Addresses whose `X-Forwarded-*` headers count. */
    trustedProxies: given.TRUSTED_PROXIES,
    /** Others whose tokens name callers. */
    oidcIssuers: given.OIDC_ISSUERS,
    /** Origins beside our own whose pages may read answers and, if their browser sends the cookies, write. */
    corsOrigins: new Set(given.CORS_ORIGINS) as ReadonlySet<string>,
  });
}

export type GatewayConfig = ReturnType<typeof readConfig>;
export const GATEWAY_CONFIG = Symbol('GATEWAY_CONFIG');
