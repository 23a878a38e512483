import { join, resolve } from 'node:path';
import { ConfigurationError, host, logLevel, port, readEnvironment } from '@app/configuration';
import { z } from 'zod';

const Environment = z.object({
  NODE_ENV: z.string().optional(),
  HOST: host,
  /** Of the page; 0 takes any free port, here and below. */
  PORT: port.default(8025),
  SMTP_PORT: port.default(1025),
  DATA_DIR: z.string().default('.data'),
  LOG_LEVEL: logLevel,
});

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly smtpPort: number;
  /** Absolute; one `.eml` file for each mail and recipient. */
  readonly mailFolder: string;
  readonly logLevel: z.infer<typeof Environment>['LOG_LEVEL'];
}
export const CONFIG = Symbol('Config');

/** @throws ConfigurationError naming every variable that does not fit; also in production, where a mail must not end up in a folder */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const { NODE_ENV, HOST, PORT, SMTP_PORT, DATA_DIR, LOG_LEVEL } = readEnvironment(Environment, environment);
  if (NODE_ENV === 'production')
    throw new ConfigurationError(
      'The mailbox delivers to nobody, and NODE_ENV is production: give a mail server in SMTP_URL.',
    );
  return Object.freeze({
    host: HOST,
    port: PORT,
    smtpPort: SMTP_PORT,
    mailFolder: join(resolve(DATA_DIR), 'mail'),
    logLevel: LOG_LEVEL,
  });
}
