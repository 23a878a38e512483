import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  commaListOf,
  host,
  httpUrl,
  logLevel,
  port,
  postgresUrl,
  rabbitmqUrl,
  redisUrl,
  sharedSecret,
  smtpUrl,
  withoutSlash,
} from './variables.js';

const kinds = { host, httpUrl, logLevel, port, postgresUrl, rabbitmqUrl, redisUrl, sharedSecret, smtpUrl };

describe('a variable', () => {
  it.each([
    ['port', '0', '65535'],
    ['httpUrl', 'http://host', 'https://host/path'],
    ['postgresUrl', 'postgres://login@host/db', 'postgresql://host/db'],
    ['rabbitmqUrl', 'amqp://guest:guest@host:5672/%2Fvhost?prefix=x', 'amqps://host'],
    ['redisUrl', 'redis://host:6379', 'rediss://host'],
    ['smtpUrl', 'smtp://127.0.0.1:2525', 'smtps://user:secret@host'],
    ['logLevel', 'silent', 'trace'],
    ['sharedSecret', 'x'.repeat(16), 'x'.repeat(100)],
  ] as const)('of the kind %s takes %j and %j', (kind, ...values) => {
    for (const value of values) expect(kinds[kind].safeParse(value).success).toBe(true);
  });

  it.each([
    ['port', '65536', '-1', '1.5', 'http'],
    ['httpUrl', 'ftp://host', 'host', ''],
    ['postgresUrl', 'mysql://host/db', 'http://host'],
    ['rabbitmqUrl', 'http://host', 'host:5672'],
    ['redisUrl', 'http://host', 'host:6379'],
    ['smtpUrl', 'http://host', 'host:25'],
    ['logLevel', 'loud', ''],
    ['sharedSecret', 'x'.repeat(15), ''],
    ['host', ''],
  ] as const)('of the kind %s is none of %j …', (kind, ...values) => {
    for (const value of values) expect(kinds[kind].safeParse(value).success).toBe(false);
  });

  it('that says where to listen means this machine only, when it is absent', () => {
    expect(host.parse(undefined)).toBe('127.0.0.1');
  });

  it('that is a list has at least one value, and no blanks around any', () => {
    const list = commaListOf(z.string().min(2));
    expect(list.parse(' ab, cd ,,ef')).toEqual(['ab', 'cd', 'ef']);
    for (const wrong of [' , ', 'ab,c']) expect(list.safeParse(wrong).success).toBe(false);
  });

  it('that is an address loses every slash at its end', () => {
    expect(['http://a', 'http://a/', 'http://a/b//'].map(withoutSlash)).toEqual(['http://a', 'http://a', 'http://a/b']);
  });
});
