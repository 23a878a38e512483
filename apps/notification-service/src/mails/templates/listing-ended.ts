import type { DataOf, ticketListingEnded } from '@app/contracts';
import { greeting, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

const reasons: Readonly<Record<string, string>> = {
  withdrawn: 'As you asked, one ticket of your order is not for sale any more.',
  'face-value': 'These tickets sell for less now than you paid for yours, so it is not for sale any more.',
};
const UNSOLD = 'Nobody has bought the ticket that you gave back for resale.';

export const endedListing: Template<DataOf<typeof ticketListingEnded>> = ({ event, buyer, orderId, reason }) =>
  compose({
    subject: `Your ticket for ${event.title} is yours again`,
    preview: 'It has a new code.',
    heading: 'Your ticket is yours again',
    organizer: event.organizer,
    blocks: [
      greeting(buyer.name),
      paragraph(`${reasons[reason] ?? UNSOLD} It is yours, and nothing was paid back.`),
      paragraph(
        'It has a new code: fetch it anew where you see your tickets. The one that you had before admits nobody.',
      ),
      eventCard(event),
      orderNumber(orderId),
    ],
  });
