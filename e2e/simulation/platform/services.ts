import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { generateServiceKeys } from '@app/auth';
import { orderReserved } from '@app/contracts';
import { ProblemError } from '@app/problem-details';
import { AppModule as NotificationModule } from '../../../apps/notification-service/src/app.module.js';
import { readConfig as readNotificationConfig } from '../../../apps/notification-service/src/config.js';
import { SmtpServer, type OutgoingMail } from '../../../apps/notification-service/src/mails/smtp-server.js';
import { TicketsPdf } from '../../../apps/notification-service/src/mails/tickets-pdf.js';
import { AppModule as PaymentModule } from '../../../apps/payment-service/src/app.module.js';
import { readConfig as readPaymentConfig } from '../../../apps/payment-service/src/config.js';
import { PayableOrders } from '../../../apps/payment-service/src/payments/open-checkout/payable-orders.js';
import { ProviderCircuit } from '../../../apps/payment-service/src/stripe/provider-circuit.js';
import { StripeGateway } from '../../../apps/payment-service/src/stripe/stripe.module.js';
import { AppModule as TicketModule } from '../../../apps/ticket-api/src/app.module.js';
import { readConfig as readTicketConfig } from '../../../apps/ticket-api/src/config.js';
import { PayableOrderController } from '../../../apps/ticket-api/src/orders/payable-order/payable-order.controller.js';
import type { HeldCalls } from '../engine/held-calls.js';
import type { ProviderClient } from '../provider/provider-client.js';
import type { Bus } from './bus.js';
import type { Databases, ServiceName } from './databases.js';
import { SimulatedService } from './open-service.js';

export const WEBHOOK_SECRET = 'whsec_of_the_simulation';
/** Seconds that a hold lasts. */
export const HOLD = 900;

const der = (key: ReturnType<typeof generateKeyPairSync>['privateKey']) =>
  key.export({ format: 'der', type: 'pkcs8' }).toString('base64');

export type Services = Record<ServiceName, SimulatedService>;

interface Peers {
  databases: Databases;
  bus: Bus;
  calls: HeldCalls;
  provider: ProviderClient;
  /** Mails that the mail server has taken, by their id. */
  mails: string[];
}

/**
 * The three services in one process. One connection each: a service works on one transaction at a time, so that nothing
 * depends on which of two is quicker, and one that needs a second connection stands still and is found.
 */
export async function openServices({ databases, bus, calls, provider, mails }: Peers): Promise<Services> {
  const keys = generateServiceKeys(['ticket-api', 'payment-service', 'notification-service']);
  const environmentOf = (service: ServiceName) => ({
    PORT: '0',
    INTERNAL_PORT: '0',
    LOG_LEVEL: 'silent',
    PUBLIC_URL: 'http://localhost:3000',
    SERVICE_SIGNING_KEY: keys[service].signingKey,
    SERVICE_PUBLIC_KEYS: JSON.stringify(keys[service].publicKeys),
    DATABASE_URL: databases.urlOf(service),
    BROKER_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/no_broker',
    TICKET_API_INTERNAL_URL: 'http://127.0.0.1:1',
    CHECKOUT_LINK_SECRET: 'a secret that only the simulation uses',
  });
  const databasePool = 1;

  const ticketConfig = readTicketConfig({
    ...environmentOf('ticket-api'),
    PAYMENT_SERVICE_INTERNAL_URL: 'http://127.0.0.1:1',
    NOTIFICATION_SERVICE_INTERNAL_URL: 'http://127.0.0.1:1',
    ORDER_HOLD_SECONDS: String(HOLD),
    ACCESS_TOKEN_KEY: der(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
    ACCOUNT_SECRETS_KEY: randomBytes(32).toString('base64'),
    TICKET_SIGNING_KEY: der(generateKeyPairSync('ed25519').privateKey),
  });
  const tickets = await SimulatedService.open('ticket-api', {
    module: TicketModule.with({ ...ticketConfig, databasePool }),
    config: ticketConfig,
    bus,
  });

  const paymentConfig = readPaymentConfig({
    ...environmentOf('payment-service'),
    STRIPE_SECRET_KEY: 'sk_test_simulation',
    STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    STRIPE_API_BASE: 'http://127.0.0.1:1',
  });
  const payments = await SimulatedService.open('payment-service', {
    module: PaymentModule.with({ ...paymentConfig, databasePool }),
    config: paymentConfig,
    bus,
    standIns: [
      [ProviderCircuit, provider],
      [PayableOrders, { find: (orderId: string) => payable(tickets, calls, orderId) }],
    ],
  });
  askOnce(payments.get(StripeGateway));

  const notificationConfig = readNotificationConfig({
    ...environmentOf('notification-service'),
    SMTP_URL: 'smtp://127.0.0.1:1',
  });
  const notifications = await SimulatedService.open('notification-service', {
    module: NotificationModule.with({ ...notificationConfig, databasePool }),
    config: notificationConfig,
    bus,
    standIns: [
      [TicketsPdf, { of: async () => Buffer.from('%PDF-') }],
      [SmtpServer, mailServer(calls, mails)],
    ],
  });
  return { 'ticket-api': tickets, 'payment-service': payments, 'notification-service': notifications };
}

const mailServer = (calls: HeldCalls, mails: string[]) => ({
  send: ({ id }: OutgoingMail) =>
    calls.pass(
      `send ${id}`,
      () => void mails.push(id),
      () => new Error('The mail server does not answer.'),
    ),
  close: () => undefined,
});

/** Ticket-api's own answer to the internal call, without the wire between. */
async function payable(tickets: SimulatedService, calls: HeldCalls, orderId: string) {
  const away = () => new Error('ticket-api does not answer');
  try {
    await calls.pass(`payable ${orderId}`, () => undefined, away);
    const { order, ...rest } = await tickets.get(PayableOrderController).get(orderId);
    return { ...rest, order: orderReserved.data.parse(order) };
  } catch (error) {
    return error instanceof ProblemError && error.code === 'not-found' ? 'unknown' : 'unreachable';
  }
}

/** Stripe's library would wait half a second of real time before it asks again by itself. */
function askOnce(gateway: StripeGateway): void {
  const { stripe } = gateway as unknown as { stripe: Record<string, (name: string, value: unknown) => void> };
  stripe['_setApiField']!('maxNetworkRetries', 0);
}
