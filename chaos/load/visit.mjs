import { setTimeout as sleep } from 'node:timers/promises';

const POLL = 700;
/** Seconds beyond the end of a hold after which nobody waits any more. */
const PATIENCE = 45;

/** What one buyer does with one order; everything that a client was told goes into the record. */
export class Visit {
  constructor(client, about) {
    Object.assign(this, { client, ...about });
    this.key = `chaos-${client.n}`;
  }

  /** @returns the order; `undefined` when it was refused, or no final answer came */
  async orders() {
    const { eventId, typeId } = this.event;
    const body = { eventId, items: [{ ticketTypeId: typeId, quantity: this.client.quantity }] };
    const request = [this.buyer, 'POST', '/orders', { body, key: this.key, refusals: PLACING }];
    const answer = await this.asks(request);
    if (answer?.status !== 201) return undefined;
    this.record.placed(this.key, answer.body, request);
    return (this.order ??= answer.body);
  }

  /** @returns the payment page; `undefined` for an order that needs none, or none any more */
  async opens() {
    return this.order.checkoutUrl ? this.caller.openPage(this.order) : undefined;
  }

  /** Opens the page, thinks, presses the buttons. @returns the tickets, if there are any in the end */
  async pays(...buttons) {
    const page = await this.opens();
    if (page) {
      await sleep(this.client.hesitates * 1000);
      for (const button of buttons.length > 0 ? buttons : ['pay']) await this.caller.press(page, button);
    }
    return this.settled();
  }

  /** Looks until the order is pending no more. @returns its tickets when it is confirmed */
  async settled() {
    for (const end = Date.now() + (this.holdSeconds + PATIENCE) * 1000; Date.now() < end; await sleep(POLL)) {
      const answer = await this.read();
      if (!answer || answer.body.status === 'pending') continue;
      const { status, tickets } = answer.body;
      if (status !== 'confirmed') return undefined;
      this.told({ what: 'confirmed', tickets: tickets.map(({ id }) => id) });
      return (this.tickets = tickets);
    }
    return undefined;
  }

  async cancels() {
    const answer = await this.act('POST', `/orders/${this.order.id}/cancel`, { refusals: CANCELLING });
    if (answer?.status === 200) this.told({ what: 'cancelled' });
  }

  async refunds({ by = this.buyer, one = false } = {}) {
    const ticketIds = (one ? this.tickets.slice(0, 1) : this.tickets).map(({ id }) => id);
    const body = one ? { ticketIds } : undefined;
    const answer = await this.act('POST', `/orders/${this.order.id}/refund`, { by, body, refusals: REFUNDING });
    if (answer?.status === 202)
      this.told({ what: 'given back', tickets: ticketIds, amount: ticketIds.length * this.event.amount });
  }

  /** Two gates scan the same ticket at the same moment: one of them admits. */
  async entersTwice() {
    const [ticket] = this.tickets;
    const code = await this.caller.call(this.buyer, 'GET', `/tickets/${ticket.id}/qr?format=json&kind=static`, {
      refusals: UNUSABLE,
    });
    if (code?.status !== 200) return;
    const scans = ['North', 'South'].map((gate) => {
      const body = { code: code.body.code, gate, scanId: `${this.key}-${gate}` };
      return this.caller.call(this.event.organizer, 'POST', '/tickets/checkin', { body, refusals: ADMITTING });
    });
    const admitted = (await Promise.all(scans)).filter((answer) => answer?.status === 200);
    if (admitted.length > 1) this.record.wrong.push(`ticket ${ticket.id} was admitted at two gates`);
    for (const { body } of admitted) this.told({ what: 'entered', ...body });
  }

  async wantsMailAgain() {
    const path = `/orders/${this.order.id}/resend-mail`;
    const answer = await this.act('POST', path, { by: this.event.organizer, refusals: ['nothing-to-resend'] });
    if (answer?.status === 202) this.told({ what: 'step', step: answer.body.step });
  }

  async isLookedAfter() {
    const path = `/orders/${this.order.id}/recheck`;
    const answer = await this.act('POST', path, { by: this.event.organizer, refusals: ['nothing-to-recheck'] });
    if (answer?.status === 202) this.told({ what: 'step', step: answer.body.step });
  }

  async paysAtDesk() {
    const path = `/mgmt/bookings/${this.order.id}/confirm`;
    const answer = await this.act('PUT', path, { by: this.event.organizer, refusals: ['order-ended'] });
    if (answer?.status === 200) this.told({ what: 'confirmed', tickets: answer.body.tickets.map(({ id }) => id) });
  }

  read() {
    return this.caller.call(this.buyer, 'GET', `/orders/${this.order.id}`, { patience: POLL });
  }

  act(method, path, { by = this.buyer, ...about }) {
    return this.asks([by, method, path, { key: `${this.key}-${path.split('/').at(-1)}`, ...about }]);
  }

  /** What has no final answer is noted: in the end it must have had one outcome. */
  async asks(request) {
    const answer = await this.caller.call(...request);
    if (!answer) this.record.open.push(request);
    return answer;
  }

  told(fact) {
    this.record.told(this.order.id, fact);
  }
}

const PLACING = ['sold-out', 'sales-closed'];
const CANCELLING = ['order-ended', 'refund-required'];
const REFUNDING = ['ticket-checked-in', 'nothing-to-refund', 'ticket-frozen'];
const UNUSABLE = ['ticket-void', 'ticket-frozen'];
const ADMITTING = [...UNUSABLE, 'already-checked-in', 'code-expired'];
