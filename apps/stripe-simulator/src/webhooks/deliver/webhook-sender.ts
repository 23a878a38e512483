import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Agent, request } from 'undici';
import { CONFIG, type Config } from '../../config.js';
import { eventObject, type EventRow } from '../event.js';
import { signatureHeader } from './signature.js';

const TIMEOUT = 10_000;

/** One POST to the receiver. */
@Injectable()
export class WebhookSender implements OnApplicationShutdown {
  private readonly agent = new Agent();

  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** Resolves when the receiver has answered 2xx. @throws Error that says what happened instead within 10 s. */
  async send(event: EventRow, abandon: AbortSignal): Promise<void> {
    const payload = JSON.stringify(eventObject(event, 1), null, 2);
    const { statusCode, body } = await request(this.config.webhookUrl, {
      method: 'POST',
      dispatcher: this.agent,
      signal: AbortSignal.any([abandon, AbortSignal.timeout(TIMEOUT)]),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signatureHeader(payload, this.config.webhookSecrets, Math.floor(Date.now() / 1000)),
      },
      body: payload,
    });
    await body.dump();
    // A redirect is a failure, as at Stripe: an event is not for whoever the receiver points at.
    if (statusCode < 200 || statusCode > 299) throw new Error(`the receiver answered ${statusCode}`);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}
