import type { DataOf } from '@app/contracts';
import type { cancelledMail } from '../announced.js';
import { greeting, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

/** For whom no other mail tells it: who was handed a ticket, and whose order we took no money for. */
export const eventCancellation: Template<DataOf<typeof cancelledMail>> = ({ event, name, orderId, tickets }) =>
  compose({
    subject: `${event.title} is cancelled`,
    preview: 'We are sorry: the event does not take place.',
    heading: 'The event is cancelled',
    organizer: event.organizer,
    blocks: [
      greeting(name),
      paragraph(`We are sorry: the organizer has cancelled the event. ${invalid(tickets)}`),
      eventCard(event),
      paragraph(orderId === null ? HANDED_ON : NOT_PAID_HERE),
      ...(orderId === null ? [] : [orderNumber(orderId)]),
    ],
  });

const invalid = (tickets: number) =>
  tickets === 1 ? 'Your ticket does not admit any more.' : 'Your tickets do not admit any more.';

const HANDED_ON = 'The money for a ticket that was handed to you goes back to who bought it.';
const NOT_PAID_HERE =
  'Nothing was charged for your order here. If you paid the organizer directly, please ask there for your money.';
