import { Controller, Module, Param, type Type } from '@nestjs/common';
import type { ServiceKeyMaterial } from '@app/auth';
import {
  paymentDisputeClosed,
  paymentDisputed,
  mailFailed,
  mailQueued,
  mailSent,
  paymentExpired,
  paymentFailed,
  paymentOpened,
  paymentRefunded,
  paymentRefundFailed,
  paymentRefundTakenUp,
  paymentSucceeded,
  paymentUnavailable,
  type DataOf,
  type Envelope,
  type MessageContract,
  type orderReserved,
} from '@app/contracts';
import { InternalGet, openService, type RunningService } from '@app/http';
import {
  createMessagingTables,
  dropMessagingTables,
  MessagingModule,
  messageStrategy,
  OnMessage,
  Outbox,
} from '@app/messaging';
import { Database, PersistenceModule } from '@app/persistence';
import { notFound } from '@app/problem-details';
import { createTestDatabase, type TestDatabase } from '@app/testing';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { RETRY_DELAYS, type TestBroker } from './broker.js';

class Messages1000000000000 implements MigrationInterface {
  name = 'Messages1000000000000';
  up = (runner: QueryRunner) => createMessagingTables(runner);
  down = (runner: QueryRunner) => dropMessagingTables(runner);
}

export interface PayableOrder {
  tenantId: string;
  status: string;
  order: DataOf<typeof orderReserved>;
}

/** The other end of the wire: a service named ticket-api, which sends orders, hears of payments and answers internal calls. */
export class TicketApiPeer {
  readonly orders = new Map<string, PayableOrder>();
  readonly heard: Envelope[] = [];
  /** Person → what he or she is in which organizations. */
  readonly memberships = new Map<string, { id: string; role: string }[]>();
  /** Whether internal calls are answered. */
  isAway = false;
  private service!: RunningService;
  private database!: TestDatabase;

  async start(keys: ServiceKeyMaterial, { options }: TestBroker): Promise<void> {
    this.database = await createTestDatabase([Messages1000000000000], 'spec_peer');
    const module = moduleOf(this, this.database.url, options);
    const config = { port: 0, internalPort: 0, host: '127.0.0.1', logLevel: 'silent' as const, ...keys };
    this.service = await openService(
      { name: 'ticket-api', module: () => module, operations: [], strategy: messageStrategy },
      config,
    );
  }

  get internalUrl(): string {
    return this.service.internalUrl;
  }

  async send<C extends MessageContract>(
    contract: C,
    tenantId: string,
    data: DataOf<C>,
    correlationId?: string,
  ): Promise<void> {
    await this.service.app
      .get(Database)
      .asTenant(tenantId, () => this.service.app.get(Outbox).add(contract, { tenantId, data, correlationId }));
  }

  /** What was told of an order, in the order of its arrival. */
  heardOf(orderId: string, type?: string): Envelope<{ orderId: string; paymentId: string }>[] {
    const all = this.heard as Envelope<{ orderId: string; paymentId: string }>[];
    return all.filter((message) => message.data.orderId === orderId && (type === undefined || message.type === type));
  }

  async remove(): Promise<void> {
    await this.service?.close();
    await this.database?.drop();
  }
}

function moduleOf(peer: TicketApiPeer, url: string, broker: TestBroker['options']): Type {
  @Controller()
  class Peer {
    @InternalGet('/internal/orders/:orderId/payable', { callers: ['payment-service'] })
    payable(@Param('orderId') orderId: string): PayableOrder {
      if (peer.isAway) throw new Error('away');
      const order = peer.orders.get(orderId);
      if (!order) throw notFound('The order');
      return order;
    }

    @InternalGet('/internal/users/:userId/organizations', { callers: ['payment-service'] })
    organizations(@Param('userId') userId: string): { data: { id: string; role: string }[] } {
      if (peer.isAway) throw new Error('away');
      return { data: peer.memberships.get(userId) ?? [] };
    }

    @OnMessage(paymentOpened)
    async opened(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    @OnMessage(paymentUnavailable)
    async unavailable(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    @OnMessage(paymentSucceeded)
    async succeeded(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    @OnMessage(paymentFailed)
    async failed(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    @OnMessage(paymentExpired)
    async expired(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    @OnMessage(paymentRefunded)
    async refunded(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    // Notification-service's word, which nobody gives here: a service handles every type of its row.
    @OnMessage(mailQueued)
    async mailQueued(): Promise<void> {}
    @OnMessage(mailSent)
    async mailSent(): Promise<void> {}
    @OnMessage(mailFailed)
    async mailFailed(): Promise<void> {}
    @OnMessage(paymentRefundFailed)
    async refundFailed(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    @OnMessage(paymentRefundTakenUp)
    async refundTakenUp(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    @OnMessage(paymentDisputed)
    async disputed(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
    @OnMessage(paymentDisputeClosed)
    async disputeClosed(_: object, message: Envelope): Promise<void> {
      peer.heard.push(message);
    }
  }

  @Module({
    imports: [
      PersistenceModule.forRoot({ url, applicationName: 'ticket-api-peer' }),
      MessagingModule.forRoot({ service: 'ticket-api', ...broker, retryDelays: RETRY_DELAYS }),
    ],
    controllers: [Peer],
  })
  class PeerModule {}
  return PeerModule;
}
