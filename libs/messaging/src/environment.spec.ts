import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '@app/configuration';
import { z } from 'zod';
import { messagingConfig, messagingEnvironment } from './environment.js';
import { checkedOptions } from './messaging-options.js';

const read = (given: Record<string, string>) =>
  messagingConfig(readEnvironment(z.object(messagingEnvironment), given)).messages;

describe('the environment of messages', () => {
  it('names a broker of either kind, and when a failed message comes again', () => {
    expect(
      read({ RABBITMQ_URL: 'amqp://guest:guest@host:5672/%2Fvhost?prefix=x', MESSAGE_RETRY_DELAYS: '0.3,1' }),
    ).toEqual({
      rabbitmqUrl: 'amqp://guest:guest@host:5672/%2Fvhost?prefix=x',
      retryDelays: [0.3, 1],
    });
    expect(read({ RABBITMQ_URL: '', BROKER_DATABASE_URL: 'postgres://login@host/broker' })).toEqual({
      brokerDatabaseUrl: 'postgres://login@host/broker',
    });
  });

  it('needs one broker: without one nothing leaves, and of two nobody knows which is meant', () => {
    const [service, rabbitmqUrl, brokerDatabaseUrl] = ['ticket-api', 'amqp://host', 'postgres://host/broker'] as const;
    expect(() => checkedOptions({ service })).toThrow('Messages need one broker');
    expect(() => checkedOptions({ service, rabbitmqUrl, brokerDatabaseUrl })).toThrow('not both');
    expect(checkedOptions({ service, rabbitmqUrl })).toMatchObject({ rabbitmqUrl });
  });

  it.each([
    ['RABBITMQ_URL', 'http://host'],
    ['BROKER_DATABASE_URL', 'amqp://host'],
    ['MESSAGE_RETRY_DELAYS', '1,soon'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
  });
});
