import { ConfigurationError } from './configuration-error.js';

/**
 * The status of a process that ends because its configuration is wrong: EX_CONFIG of sysexits.h. Whoever supervises it
 * need not start it again, for it would end the same way.
 */
export const EX_CONFIG = 78;

/** The status of a process whose port belongs to another: Linux's number for EADDRINUSE. */
export const PORT_IN_USE = 98;

/** How a process ends that cannot go on. Every status but 1 says the reason, and the error's message all that is to tell. */
export function exitStatusOf(error: unknown): number {
  if (error instanceof ConfigurationError) return EX_CONFIG;
  return (error as { code?: unknown } | null)?.code === 'EADDRINUSE' ? PORT_IN_USE : 1;
}
