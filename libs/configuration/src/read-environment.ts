import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { describeConstraint } from './describe-constraint.js';

/**
 * Empty variables count as absent: compose files and shells pass them on.
 * @param schema messages of its own go on after the variable's name, and tell no value
 * @throws ConfigurationError naming every variable that is missing, or what is right where it does not fit
 */
export function readEnvironment<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Readonly<Record<string, string | undefined>>,
): z.infer<z.ZodObject<Shape>> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const read = schema.safeParse(given, { error: () => UNTOLD });
  if (read.success) return read.data;
  const faults = new Map<string, string>();
  for (const { path, message } of read.error.issues) {
    const name = String(path[0]);
    const told =
      message === UNTOLD ? `is not ${describeConstraint(schema.shape[name] as unknown as z.ZodType)}` : message;
    if (!faults.has(name)) faults.set(name, given[name] === undefined ? 'is missing' : told);
  }
  const list = [...faults].map(([name, fault]) => `${name} ${fault}`);
  throw new ConfigurationError(`The environment does not fit: ${list.join('; ')}.`);
}

/** Stands for zod's own words, which are of types and not of variables. */
const UNTOLD = 'does not fit';
