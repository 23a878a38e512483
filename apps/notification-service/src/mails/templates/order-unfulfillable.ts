import { wordMoney, type DataOf, type orderUnfulfillable } from '@app/contracts';
import { greeting, note, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

const reasons: Readonly<Record<string, string>> = {
  'event-cancelled': 'Your payment arrived, but the organizer has cancelled the event.',
  'order-cancelled': 'Your payment arrived after your order had been cancelled.',
  'order-refunded': 'A payment arrived for an order that had been given back already.',
  'paid-twice': 'A second payment arrived for an order that was settled already. The tickets of that order stay yours.',
  'amount-mismatch':
    'The amount that arrived is not the price of your order, so we could not give you the tickets for it.',
};
const TOO_LATE = 'Your payment arrived after your order had ended, and by then the tickets were sold.';

export const unfulfillableOrder: Template<DataOf<typeof orderUnfulfillable>> = (facts) => {
  const { event, buyer, orderId, reason } = facts;
  const amount = wordMoney(facts.amount);
  return compose({
    subject: `Your money for ${event.title} goes back to you`,
    preview: `We are sorry. ${amount} is on its way back to you.`,
    heading: 'We are sorry: your money goes back',
    organizer: event.organizer,
    blocks: [
      greeting(buyer.name),
      paragraph(`${reasons[reason] ?? TOO_LATE} We are sorry for the trouble.`),
      paragraph(`You get all of it back: ${amount}, the way you paid. You need not do anything.`),
      eventCard(event),
      orderNumber(orderId),
      note('It usually takes five to ten working days until your bank shows the money.'),
    ],
  });
};
