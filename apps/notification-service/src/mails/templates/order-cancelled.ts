import type { DataOf, orderCancelled } from '@app/contracts';
import { greeting, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

const reasons: Readonly<Record<string, string>> = {
  buyer: 'As you asked, your order is cancelled.',
  organizer: 'The organizer has cancelled your order.',
  'event-cancelled': 'We are sorry: the organizer has cancelled the event, and your order with it.',
};

export const orderCancellation: Template<DataOf<typeof orderCancelled>> = ({ event, buyer, orderId, reason }) => {
  const called =
    reason === 'event-cancelled' ? `${event.title} is cancelled` : `Your order for ${event.title} is cancelled`;
  return compose({
    subject: called,
    preview: 'Nothing was charged for it here.',
    heading: reason === 'event-cancelled' ? 'The event is cancelled' : 'Your order is cancelled',
    organizer: event.organizer,
    blocks: [
      greeting(buyer.name),
      paragraph(reasons[reason] ?? 'Your order is cancelled.'),
      eventCard(event),
      paragraph(
        'Nothing was charged for it here. If you paid the organizer directly, please ask there for your money.',
      ),
      orderNumber(orderId),
    ],
  });
};
