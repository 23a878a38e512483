import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceTokens } from '@app/auth';
import { orderReserved } from '@app/contracts';
import { InternalCallError, InternalClient, internalClient } from '@app/http';
import { z } from 'zod';
import { CONFIG, type Config } from '../../config.js';

/** Milliseconds. A buyer waits, and what we know ourselves may do. */
const TIMEOUT = 2_000;

const Payable = z.object({ tenantId: z.uuid(), status: z.string(), order: orderReserved.data });
export type PayableOrder = z.infer<typeof Payable>;

/** Asks ticket-api, which alone knows, whether an order is still to be paid. */
@Injectable()
export class PayableOrders implements OnApplicationShutdown {
  private readonly log = new Logger(PayableOrders.name);
  private readonly client: InternalClient;

  constructor(@Inject(CONFIG) { ticketApiInternalUrl: url }: Config, @Inject(ServiceTokens) tokens: ServiceTokens) {
    this.client = internalClient({ service: 'ticket-api', url, tokens, timeout: TIMEOUT });
  }

  /** `unknown`: there is no such order. `unreachable`: ticket-api does not answer, or not in a way that can be read. */
  async find(orderId: string): Promise<PayableOrder | 'unknown' | 'unreachable'> {
    try {
      return await this.client.get(`/internal/orders/${orderId}/payable`, Payable);
    } catch (error) {
      if (error instanceof InternalCallError && error.status === 404) return 'unknown';
      this.log.warn('ticket-api cannot say whether the order is still to be paid', { orderId }, error);
      return 'unreachable';
    }
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }
}
