import { Module, type DynamicModule, type FactoryProvider, type INestApplicationContext } from '@nestjs/common';
import { InboxRetention } from './consumption/inbox-retention.js';
import { MessageConsumer } from './consumption/message-consumer.js';
import { MESSAGE_PUBLISHER, type MessagePublisher } from './message-publisher.js';
import { MESSAGE_STRATEGY, type MessageStrategy } from './message-strategy.js';
import { checkedOptions, MESSAGING_OPTIONS, type CheckedOptions, type MessagingOptions } from './messaging-options.js';
import { Messaging } from './messaging.js';
import { Outbox } from './outbox/outbox.js';
import { Relay } from './outbox/relay.js';
import { PgBossBroker } from './pg-boss/pg-boss-broker.js';
import { PgBossPublisher } from './pg-boss/pg-boss.publisher.js';
import { PgBossStrategy } from './pg-boss/pg-boss.strategy.js';
import { rabbitMqAddress } from './rabbitmq/rabbitmq-address.js';
import { RabbitMqPublisher } from './rabbitmq/rabbitmq.publisher.js';
import { RabbitMqStrategy } from './rabbitmq/rabbitmq.strategy.js';

/** Outbox, relay, inbox and the transport that the options name. Needs the global `PersistenceModule`. */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    const checked = checkedOptions(options);
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: MESSAGING_OPTIONS, useValue: checked },
        MessageConsumer,
        Relay,
        Outbox,
        InboxRetention,
        Messaging,
        ...(checked.rabbitmqUrl
          ? overRabbitMq(checked, checked.rabbitmqUrl)
          : overPgBoss(checked, checked.brokerDatabaseUrl!)),
      ],
      exports: [Outbox, Messaging],
    };
  }
}

/** For `app.connectMicroservice({ strategy: messageStrategy(app) })`; `@OnMessage` handlers hear nothing before that. */
export const messageStrategy = (app: INestApplicationContext): MessageStrategy =>
  app.get<MessageStrategy>(MESSAGE_STRATEGY);

function overRabbitMq(options: CheckedOptions, url: string): FactoryProvider[] {
  const address = rabbitMqAddress(url);
  return transport(
    () => new RabbitMqPublisher(address),
    (consumer, relay) => new RabbitMqStrategy(address, options, consumer, relay),
  );
}

function overPgBoss(options: CheckedOptions, url: string): FactoryProvider[] {
  const broker = new PgBossBroker(url, options.service);
  return transport(
    () => new PgBossPublisher(broker),
    (consumer, relay) => new PgBossStrategy(broker, options, consumer, relay),
  );
}

const transport = (
  publisher: () => MessagePublisher,
  strategy: (consumer: MessageConsumer, relay: Relay) => MessageStrategy,
): FactoryProvider[] => [
  { provide: MESSAGE_PUBLISHER, useFactory: publisher },
  { provide: MESSAGE_STRATEGY, useFactory: strategy, inject: [MessageConsumer, Relay] },
];
