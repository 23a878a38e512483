import type { Order } from '@app/contracts';
import { OpenCheckoutCommand } from '../../../apps/payment-service/src/payments/open-checkout/open-checkout.js';
import { AdmitTicketCommand } from '../../../apps/ticket-api/src/check-in/admit-ticket/admit-ticket.js';
import type { Answer } from '@app/idempotency';
import { CancelEventCommand } from '../../../apps/ticket-api/src/orders/cancel-event/cancel-event.js';
import { CancelOrderCommand } from '../../../apps/ticket-api/src/orders/cancel-order/cancel-order.js';
import { ConfirmAtDeskCommand } from '../../../apps/ticket-api/src/orders/confirm-at-desk/confirm-at-desk.js';
import { PlaceOrderCommand } from '../../../apps/ticket-api/src/orders/place-order/place-order.js';
import { RefundOrderCommand } from '../../../apps/ticket-api/src/orders/refund-order/refund-order.js';
import { ClientRecord, type KnownOrder } from './client-record.js';
import { Requests } from './requests.js';
import type { Stage } from './stage.js';
import type { Steps } from './steps.js';

const MOST_ORDERS = 6;

/** Buyers, organizers and gates. */
export class Clients {
  readonly record = new ClientRecord();
  readonly requests: Requests;
  private placed = 0;
  private keys = 0;

  constructor(
    private readonly steps: Steps,
    private readonly stage: Stage,
  ) {
    this.requests = new Requests(steps);
  }

  async order(): Promise<void> {
    if (this.placed === MOST_ORDERS) return;
    this.placed += 1;
    const { dice, world } = this.steps;
    const buyer = dice.pick(world.buyers);
    const items = dice.some(this.stage.types).map(({ id }) => ({ ticketTypeId: id, quantity: dice.between(1, 4) }));
    const wish = { eventId: this.stage.eventId, items };
    const command = new PlaceOrderCommand(buyer, wish, this.key());
    await this.requests.send(
      `${buyer.name} orders ${items.map(({ quantity }) => quantity).join(' + ')}`,
      command,
      (answer) => {
        const { body } = answer as Answer<Order>;
        this.steps.trace.name(body.id, 'order');
        this.record.placed(body);
      },
    );
  }

  async checkout(): Promise<void> {
    const order = this.anyOrder();
    if (order)
      await this.requests.send(
        `checkout of ${order.id}`,
        new OpenCheckoutCommand(order.id),
        () => {},
        'payment-service',
      );
  }

  async cancel(): Promise<void> {
    const order = this.anyOrder();
    if (!order) return;
    const command = new CancelOrderCommand(this.stage.tenantId, order.id, this.someoneFor(order), this.key());
    await this.requests.send(`cancel ${order.id}`, command, () => this.record.cancel(order.id));
  }

  async refund(): Promise<void> {
    const order = this.anyOrder();
    if (!order) return;
    await this.learnTickets(order);
    const { dice } = this.steps;
    const by = this.someoneFor(order);
    const isPart = order.ticketIds.length > 0 && dice.chance(0.6);
    const target = { orderId: order.id, ...(isPart && { ticketIds: dice.some(order.ticketIds) }) };
    const override = by.as === 'organizer' && isPart && dice.chance(0.3) ? { reason: 'goodwill' } : undefined;
    const command = new RefundOrderCommand(this.stage.tenantId, target, by, override, this.key());
    const what = `${by.as} gives back ${target.ticketIds?.length ?? 'all'} of ${order.id}`;
    await this.requests.send(what, command, (answer) => this.record.refund((answer as Answer<Order>).body));
  }

  async desk(): Promise<void> {
    const order = this.anyOrder();
    if (!order) return;
    const { tenantId } = this.stage;
    const command = new ConfirmAtDeskCommand(tenantId, order.id, this.steps.world.organizer.id, this.key());
    await this.requests.send(`desk confirms ${order.id}`, command, () => this.record.desk(order.id));
  }

  /** At a gate; the same code may be shown again, and a gate that heard nothing asks again with its scan id. */
  async enter(): Promise<void> {
    const order = this.anyOrder();
    if (!order) return;
    await this.learnTickets(order);
    if (order.ticketIds.length === 0) return;
    const { dice, world } = this.steps;
    const ticketId = dice.pick(order.ticketIds);
    const [ticket] = await world.databases.ask<{ holder_version: number }>(
      'ticket-api',
      'select holder_version from tickets where id = $1',
      [ticketId],
    );
    const { tenantId, eventId } = this.stage;
    const scanId = `scan-${eventId}-${this.key().key}`;
    const code = { ticketId, eventId, holderVersion: ticket!.holder_version, generation: 1, step: null };
    const by = { user: world.organizer.id, key: null };
    const scan = { code, gate: dice.pick(['North', 'South']), scanId, eventId, by };
    const command = new AdmitTicketCommand(tenantId, scan);
    await this.requests.send(`ticket ${ticketId} at a gate`, command, () => this.record.admit(ticketId));
  }

  async cancelEvent(): Promise<void> {
    const { tenantId, eventId } = this.stage;
    await this.requests.send('the organizer cancels the event', new CancelEventCommand(tenantId, eventId), () => {
      this.record.isEventCancelled = true;
    });
  }

  private anyOrder(): KnownOrder | undefined {
    const known = [...this.record.orders.values()];
    return known.length > 0 ? this.steps.dice.pick(known) : undefined;
  }

  private someoneFor(order: KnownOrder): { userId: string; as: 'buyer' | 'organizer' } {
    const { dice, world } = this.steps;
    return dice.chance(0.6) ? { userId: order.buyerId, as: 'buyer' } : { userId: world.organizer.id, as: 'organizer' };
  }

  private async learnTickets(order: KnownOrder): Promise<void> {
    const rows = await this.steps.world.databases.ask<{ id: string }>(
      'ticket-api',
      'select id from tickets where order_id = $1 order by id',
      [order.id],
    );
    order.ticketIds = rows.map(({ id }) => id);
  }

  private key(): { key: string; fingerprint: Buffer } {
    this.keys += 1;
    return { key: `${this.stage.eventId}-${this.keys}`, fingerprint: Buffer.from([this.keys]) };
  }
}
