import { z } from 'zod';

/** Kinds of variables that more than one process reads, for the schema of its `config.ts`. */

/** 0 takes any free port. */
export const port = z.coerce.number().int().min(0).max(65_535);
/** Where to listen: on this machine only, unless somebody says otherwise. */
export const host = z.string().min(1).default('127.0.0.1');
export const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info');

export const httpUrl = z.url({ protocol: /^https?$/ });
export const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
export const rabbitmqUrl = z.url({ protocol: /^amqps?$/ });
export const redisUrl = z.url({ protocol: /^rediss?$/ });
export const smtpUrl = z.url({ protocol: /^smtps?$/ });

/** The gateway's, for a service started by itself beside a gateway on its standard port. */
export const publicUrl = httpUrl.default('http://localhost:3000');
/** As addresses are put together: what follows begins with a slash. */
export const withoutSlash = (url: string) => url.replace(/\/+$/, '');

/** Of an HMAC that two services share. */
export const sharedSecret = z.string().min(16);

/** At least one value; blanks around the commas do not count. */
export const commaListOf = <Item extends z.ZodType<string, string>>(item: Item) =>
  z
    .string()
    .transform((list) => list.split(',').flatMap((part) => part.trim() || []))
    .pipe(z.array(item).min(1));
