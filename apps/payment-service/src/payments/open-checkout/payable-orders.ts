import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceTokens } from '@app/auth';
import { orderReserved } from '@app/contracts';
import { InternalCallError, InternalClient, internalClient } from '@app/http';
import { ProblemError } from '@app/problem-details';
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
  private isAway = false;

  constructor(@Inject(CONFIG) { ticketApiInternalUrl: url }: Config, @Inject(ServiceTokens) tokens: ServiceTokens) {
    this.client = internalClient({ service: 'ticket-api', url, tokens, timeout: TIMEOUT });
  }

  /** `unknown`: there is no such order. `unreachable`: ticket-api does not answer, or not in a way that can be read. */
  async find(orderId: string): Promise<PayableOrder | 'unknown' | 'unreachable'> {
    try {
      const order = await this.client.get(`/internal/orders/${orderId}/payable`, Payable);
      this.answered();
      return order;
    } catch (error) {
      if (error instanceof ProblemError) return this.unanswered(error);
      this.answered();
      if (error instanceof InternalCallError && error.status === 404) return 'unknown';
      this.log.warn('ticket-api cannot say whether the order is still to be paid', { orderId }, error);
      return 'unreachable';
    }
  }

  /** An outage is told once, not to everybody who wants to pay. */
  private unanswered(error: Error): 'unreachable' {
    if (!this.isAway) this.log.warn('ticket-api does not answer; what it has told of orders counts', error);
    this.isAway = true;
    return 'unreachable';
  }

  private answered(): void {
    if (this.isAway) this.log.log('ticket-api answers again');
    this.isAway = false;
  }

  onApplicationShutdown(): Promise<void> {
    return this.client.close();
  }
}
