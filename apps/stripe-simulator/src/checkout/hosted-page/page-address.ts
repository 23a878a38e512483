import type { AddressInfo } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CONFIG, type Config } from '../../config.js';
import type { CheckoutSession } from '../checkout-session.js';
import { checkoutSessionObject } from '../checkout-session.object.js';

/** Where a browser finds the hosted pages. */
@Injectable()
export class PageAddress {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(HttpAdapterHost) private readonly server: HttpAdapterHost,
  ) {}

  private of(sessionId: string): string {
    return `${this.config.checkoutPageUrl ?? this.listening()}/simulator/checkout/${sessionId}`;
  }

  /** The session as Stripe shows it. */
  present(session: CheckoutSession) {
    return checkoutSessionObject(session, (id) => this.of(id));
  }

  private listening(): string {
    const { port } = this.server.httpAdapter.getHttpServer().address() as AddressInfo;
    const host = ['0.0.0.0', '::'].includes(this.config.host) ? 'localhost' : this.config.host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  }
}
