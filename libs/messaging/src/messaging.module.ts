import { Module, type DynamicModule, type INestApplicationContext } from '@nestjs/common';
import { InboxRetention } from './consumption/inbox-retention.js';
import { MessageConsumer } from './consumption/message-consumer.js';
import { MESSAGE_PUBLISHER } from './message-publisher.js';
import { MESSAGE_STRATEGY, type MessageStrategy } from './message-strategy.js';
import { checkedOptions, MESSAGING_OPTIONS, type MessagingOptions } from './messaging-options.js';
import { MessagingMetrics } from './messaging-metrics.js';
import { Messaging } from './messaging.js';
import { openTransport } from './open-transport.js';
import { Outbox } from './outbox/outbox.js';
import { Relay } from './outbox/relay.js';
import { TRANSPORT, type Transport } from './transport.js';

/** Outbox, relay, inbox and the transport that the options name. Needs the global `PersistenceModule` and `Metrics`. */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    const checked = checkedOptions(options);
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: MESSAGING_OPTIONS, useValue: checked },
        { provide: TRANSPORT, useFactory: () => openTransport(checked) },
        { provide: MESSAGE_PUBLISHER, useFactory: ({ publisher }: Transport) => publisher, inject: [TRANSPORT] },
        {
          provide: MESSAGE_STRATEGY,
          useFactory: (transport: Transport, consumer: MessageConsumer, relay: Relay) =>
            transport.strategy(consumer, relay),
          inject: [TRANSPORT, MessageConsumer, Relay],
        },
        MessageConsumer,
        Relay,
        Outbox,
        InboxRetention,
        Messaging,
        MessagingMetrics,
      ],
      exports: [Outbox, Messaging],
    };
  }
}

/** For `app.connectMicroservice({ strategy: messageStrategy(app) })`; `@OnMessage` handlers hear nothing before that. */
export const messageStrategy = (app: INestApplicationContext): MessageStrategy =>
  app.get<MessageStrategy>(MESSAGE_STRATEGY);
