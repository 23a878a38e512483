import type { DataOf, orderExpired } from '@app/contracts';
import { greeting, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

const LATE_MONEY =
  'Should a payment of yours still arrive, you get the tickets if there are any left, and all of your money back otherwise.';

const reasons: Readonly<Record<string, string>> = {
  'payment-failed': 'Your payment did not go through, so we could not keep your tickets. You have not been charged.',
  'payment-expired': `The payment was ended before it was complete, so we could not keep your tickets. ${LATE_MONEY}`,
};
const NOT_IN_TIME = `No payment arrived in time, so we could not keep your tickets any longer. ${LATE_MONEY}`;

export const orderExpiry: Template<DataOf<typeof orderExpired>> = ({ event, buyer, orderId, reason }) =>
  compose({
    subject: `Your order for ${event.title} has ended`,
    preview: 'The tickets are on sale again.',
    heading: 'Your order has ended',
    organizer: event.organizer,
    blocks: [
      greeting(buyer.name),
      paragraph(reasons[reason] ?? NOT_IN_TIME),
      eventCard(event),
      paragraph('The tickets are on sale again: you are welcome to order anew.'),
      orderNumber(orderId),
    ],
  });
