import { CommandBus } from '@nestjs/cqrs';
import type { Consumer } from '@app/contracts';
import type { Type } from '@nestjs/common';
import { MailSender } from '../../../apps/notification-service/src/mails/mail-sender.js';
import { CloseSessions } from '../../../apps/payment-service/src/payments/close-sessions/close-sessions.js';
import { AskProvider } from '../../../apps/payment-service/src/rechecks/ask-provider/ask-provider.js';
import { ReconcilePending } from '../../../apps/payment-service/src/reconciliation/reconcile-pending/reconcile-pending.js';
import { PayRefunds } from '../../../apps/payment-service/src/refunds/pay-refunds/pay-refunds.js';
import { signatureHeader } from '../../../apps/payment-service/src/stripe/testing/stripe-account.js';
import { ReceiveWebhookCommand } from '../../../apps/payment-service/src/webhooks/receive-webhook/receive-webhook.js';
import { RetryWebhooks } from '../../../apps/payment-service/src/webhooks/retry-webhooks/retry-webhooks.js';
import { EndOrdersOfCancelledEvents } from '../../../apps/ticket-api/src/orders/cancel-event/end-orders-of-cancelled-events.js';
import { ExpireOrders } from '../../../apps/ticket-api/src/orders/expire-orders/expire-orders.js';
import type { Queued } from '../platform/bus.js';
import type { ServiceName } from '../platform/databases.js';
import { WEBHOOK_SECRET } from '../platform/services.js';
import type { ProviderEvent } from '../provider/objects.js';
import type { Bank } from './bank.js';
import type { Steps } from './steps.js';

/** What looks by itself, every second or so, in a running service. */
const TIMERS: readonly (readonly [string, ServiceName, Type<{ wake(): void }>])[] = [
  ['holds', 'ticket-api', ExpireOrders],
  ['cancelled events', 'ticket-api', EndOrdersOfCancelledEvents],
  ['sessions to close', 'payment-service', CloseSessions],
  ['refunds to pay', 'payment-service', PayRefunds],
  ['webhooks to retry', 'payment-service', RetryWebhooks],
  ['silent sessions', 'payment-service', ReconcilePending],
  ['rechecks', 'payment-service', AskProvider],
  ['mails', 'notification-service', MailSender],
];

const SERVICES = ['ticket-api', 'payment-service', 'notification-service'] as const satisfies readonly Consumer[];

/** Events that may be lost for ever: what they tell is asked for sooner or later. */
const LOSABLE = /^(checkout\.session\.|refund\.created$|charge\.refunded$)/;
const LOST = 0.1;
const TWICE = 0.1;
/** Messages that are handed over at the same moment at most. */
const CROWD = 4;
/** Faults that one message meets at most, so that none dies of them. */
const MOST_FAULTS = 2;

/** Relays, queues, timers and webhooks: everything that moves without anybody's asking. */
export class Machinery {
  readonly webhooks: { event: ProviderEvent; tries: number }[] = [];

  constructor(
    private readonly steps: Steps,
    private readonly bank: Bank,
  ) {}

  async relay(service: Consumer = this.steps.dice.pick(SERVICES)): Promise<void> {
    const relay = this.steps.world.bus.relays.get(service)!;
    await this.steps.run(`relay of ${service}`, () => relay.pass());
  }

  async relayAll(): Promise<void> {
    for (const service of SERVICES) await this.relay(service);
  }

  /** Some messages of one consumer, in any order. */
  async deliver(): Promise<void> {
    const { world, dice } = this.steps;
    const due = world.bus.queued.filter(({ notBefore }) => notBefore <= world.clock.now);
    if (due.length === 0) return;
    const { consumer } = dice.pick(due);
    const messages = dice.some(
      due.filter((each) => each.consumer === consumer),
      CROWD,
    );
    const what = messages.map(({ envelope }) => `${envelope.type} of ${subjectOf(envelope.data)}`).join(', ');
    const canFail = messages.every(({ faults }) => faults < MOST_FAULTS);
    const ending = await this.steps.run(`${consumer} takes ${what}`, () => world.bus.deliver(messages), canFail);
    if (ending.kind !== 'done') for (const message of messages) message.faults += 1;
    else for (const [index, outcome] of ending.value.entries()) this.settle(messages[index]!, outcome);
  }

  private settle(message: Queued, outcome: Awaited<ReturnType<Steps['world']['bus']['deliver']>>[number]): void {
    const { world, dice } = this.steps;
    if (outcome.kind === 'done') {
      // Its acknowledgement may be lost.
      if (!dice.chance(TWICE)) world.bus.remove(message);
      return;
    }
    this.steps.say(`  ${message.envelope.type} ${outcome.kind}: ${outcome.error}`);
    message.faults += 1;
    message.failures = outcome.failures;
    if (outcome.kind === 'retry') message.notBefore = world.clock.now + outcome.afterSeconds * 1000;
    else {
      world.bus.remove(message);
      world.bus.dead.push(message);
    }
  }

  async timer([what, service, part] = this.steps.dice.pick(TIMERS)): Promise<void> {
    const looks = this.steps.world.services[service].get(part);
    await this.steps.run(`look for ${what}`, async () => looks.wake());
  }

  async allTimers(): Promise<void> {
    for (const timer of TIMERS) await this.timer(timer);
  }

  collectWebhooks(): void {
    const { dice, isCalm } = this.steps;
    for (const event of this.bank.takeEvents())
      if (isLosable(event) && !isCalm && dice.chance(LOST)) this.steps.say(`${event.type} is lost`);
      else this.webhooks.push({ event, tries: 0 });
  }

  async webhook(): Promise<void> {
    const { world, dice } = this.steps;
    this.collectWebhooks();
    if (this.webhooks.length === 0) return;
    const webhook = dice.pick(this.webhooks);
    const payload = JSON.stringify(webhook.event);
    const signature = signatureHeader(payload, WEBHOOK_SECRET, Math.floor(Date.now() / 1000));
    const command = new ReceiveWebhookCommand(Buffer.from(payload), signature);
    webhook.tries += 1;
    const bus = world.services['payment-service'].get(CommandBus);
    const what = `webhook ${webhook.event.type} of ${subjectOf(webhook.event.data.object)}`;
    const ending = await this.steps.run(what, () => bus.execute(command), webhook.tries <= 2);
    if (ending.kind === 'done' && (this.steps.isCalm || !dice.chance(TWICE)))
      this.webhooks.splice(this.webhooks.indexOf(webhook), 1);
  }

  /** A call that was held back goes on, or its answer is lost on one of both ways. */
  async goOn(): Promise<void> {
    const { calls, tasks } = this.steps.world;
    const { dice, isCalm } = this.steps;
    if (calls.held.length === 0) return;
    const call = dice.pick(calls.held);
    const how = isCalm
      ? { execute: true, answer: true }
      : dice.weighted([
          [{ execute: true, answer: true }, 7],
          [{ execute: true, answer: false }, 2],
          [{ execute: false, answer: false }, 1],
        ]);
    this.steps.say(`${call.name} ${how.execute ? 'is done' : 'is not done'}, ${how.answer ? '' : 'not '}answered`);
    call.go(how);
    await tasks.quiet();
  }
}

/** Of a refund that was made by hand nothing else tells before the next daily comparison of the books, which is not in here. */
function isLosable({ type, data }: ProviderEvent): boolean {
  const { metadata = {} } = data.object as { metadata?: object };
  const isByHand = type.startsWith('refund.') && Object.keys(metadata).length === 0;
  return LOSABLE.test(type) && !isByHand;
}

const subjectOf = (data: unknown): string => {
  const { orderId, id } = data as { orderId?: string; id?: string };
  return orderId ?? id ?? '?';
};
