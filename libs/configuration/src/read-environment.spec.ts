import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error.js';
import { readEnvironment } from './read-environment.js';

const list = z.string().transform((text) => text.split(',').map(Number));
const fields = {
  HOLD: z.coerce.number().int().min(1).max(86_400).default(900),
  LIMIT: z.coerce.number().int().min(0).default(5),
  SECRET: z.string().min(16),
  KEY: z.base64().min(32),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  PEER_URL: z.url(),
  LEVEL: z.enum(['warn', 'info']).default('info'),
  DELAYS: list.pipe(z.array(z.number().positive().max(60)).min(1).max(20)).optional(),
  SENDER: z.string().regex(/@/, 'is no address'),
};

const complaintAbout = (name: keyof typeof fields, value: string) => {
  try {
    readEnvironment(z.object({ [name]: fields[name] }), { [name]: value });
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  return undefined;
};

describe('an environment that does not fit', () => {
  it.each([
    ['HOLD', 'x', 'HOLD is not a whole number from 1 to 86400.'],
    ['HOLD', '1.5', 'HOLD is not a whole number from 1 to 86400.'],
    ['HOLD', '0', 'HOLD is not a whole number from 1 to 86400.'],
    ['LIMIT', '-1', 'LIMIT is not a whole number of at least 0.'],
    ['SECRET', 'short', 'SECRET is not text of at least 16 characters.'],
    ['KEY', '%%%', 'KEY is not base64 of at least 32 characters.'],
    [
      'DATABASE_URL',
      'http://user:secret@host',
      'DATABASE_URL is not a URL that begins with postgres:// or postgresql://.',
    ],
    ['DATABASE_URL', 'secret', 'DATABASE_URL is not a URL that begins with postgres:// or postgresql://.'],
    ['PEER_URL', 'host', 'PEER_URL is not a URL.'],
    ['LEVEL', 'loud', 'LEVEL is not one of warn, info.'],
    ['DELAYS', '1,x,0', 'DELAYS is not a comma list of 1 to 20 values, each a number above 0, up to 60.'],
    ['SENDER', 'nobody', 'SENDER is no address.'],
    ['SECRET', '', 'SECRET is missing.'],
  ] as const)('is told in one line, with what is right and never the value: %s=%s', (name, value, right) => {
    expect(complaintAbout(name, value)).toBe(`The environment does not fit: ${right}`);
  });

  it('names every variable, each once', () => {
    const read = () => readEnvironment(z.object(fields), { HOLD: 'x', KEY: '%', SENDER: 'a@b', PEER_URL: 'http://p' });
    expect(read).toThrow(/^The environment does not fit: HOLD is not [^;]*; SECRET is missing; KEY is not [^;]*\.$/);
  });

  it('takes empty variables for absent ones', () => {
    expect(readEnvironment(z.object({ HOLD: fields.HOLD }), { HOLD: '' })).toEqual({ HOLD: 900 });
  });
});
