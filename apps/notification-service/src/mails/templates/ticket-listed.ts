import { wordMoney, type DataOf, type ticketListed } from '@app/contracts';
import { greeting, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

export const listedTicket: Template<DataOf<typeof ticketListed>> = ({ event, buyer, orderId, price }) =>
  compose({
    subject: `Your ticket for ${event.title} is up for resale`,
    preview: 'Your money returns when somebody else has paid for it.',
    heading: 'Your ticket is up for resale',
    organizer: event.organizer,
    blocks: [
      greeting(buyer.name),
      paragraph(
        `One ticket of your order is for sale again. When it is sold, ${wordMoney(price)} goes back to you, the way you paid.`,
      ),
      paragraph(
        'Its code does not admit any more. As long as nobody is buying it you can take the ticket back, with a new code.',
      ),
      eventCard(event),
      paragraph('Should nobody buy it in time, the ticket stays yours.'),
      orderNumber(orderId),
    ],
  });
