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
export const isInSample = (path, seed) => numberOf(path, seed) % ONE_OF === 0;

/** Patterns for Jest of those that this run leaves out; none without a seed. */
export const leftOutOfSample = (root, seed) =>
  seed === undefined
    ? []
    : specsOfServices(root)
        .filter((path) => !isInSample(path, seed))
        .map(asPattern);

/**
 * Patterns for Jest of the whole-stack specs that this half of a CI run leaves to the other: a seed gives every second one to
 * each, another seed others; none without a seed. @param half `embedded` or `services`
 */
export function leftToTheOtherHalf(paths, seed, half) {
  if (seed === undefined) return [];
  const byChance = paths.toSorted((a, b) => numberOf(a, seed) - numberOf(b, seed));
  return byChance.filter((_, at) => (at % 2 === 0) !== (half === 'embedded')).map(asPattern);
}

const numberOf = (path, seed) => createHash('sha256').update(`${seed} ${path}`).digest().readUInt32BE();
const asPattern = (path) => `/${path.replaceAll('.', '\\.')}$`;
