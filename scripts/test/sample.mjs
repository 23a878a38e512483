import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SERVICES = ['ticket-api', 'payment-service', 'notification-service', 'stripe-simulator'].map(
  (name) => `apps/${name}/src`,
);
/** Of so many, one is in a sample. */
export const ONE_OF = 3;

/**
 * Specs of what services do by themselves. On an embedded PostgreSQL and pg-boss they say the same, but for what versions of
 * PostgreSQL and brokers do differently, and that is looked for in a part of them at a time: brokers and caches have specs
 * of their own, and services that work together have the whole-stack ones.
 */
export const specsOfServices = (root) =>
  SERVICES.flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, name)))
    .filter((path) => path.endsWith('.spec.ts') && !path.endsWith('.services.spec.ts'))
    .filter((path) => !/TEST_(RABBITMQ|REDIS)_URL/.test(readFileSync(join(root, path), 'utf8')))
    .sort();

/** The same for one seed, whatever specs are added; with other seeds each has its turn. */
export const isInSample = (path, seed) =>
  createHash('sha256').update(`${seed} ${path}`).digest().readUInt32BE() % ONE_OF === 0;

/** Patterns for Jest of those that this run leaves out; none without a seed. */
export const leftOutOfSample = (root, seed) =>
  seed === undefined
    ? []
    : specsOfServices(root)
        .filter((path) => !isInSample(path, seed))
        .map((path) => `/${path.replaceAll('.', '\\.')}$`);
