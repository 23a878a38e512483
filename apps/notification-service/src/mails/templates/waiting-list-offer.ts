import type { DataOf, waitingListOffered } from '@app/contracts';
import { button, greeting, note, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import { orderLines } from '../content/order-lines.js';
import { showInstant } from '../content/time.js';
import type { Template } from './template.js';

export const waitingListOffer: Template<DataOf<typeof waitingListOffered>> = (facts) => {
  const { event, buyer, orderId, items, total, checkoutUrl } = facts;
  const count = items.reduce((sum, { quantity }) => sum + quantity, 0);
  const [tickets, are, them] = count === 1 ? ['A ticket', 'is', 'it'] : [`${count} tickets`, 'are', 'them'];
  const until = showInstant(facts.expiresAt);
  return compose({
    subject: `${tickets} for ${event.title} ${are} held for you`,
    preview: `Pay until ${until} and ${them === 'it' ? 'it is' : 'they are'} yours.`,
    heading: `${tickets} ${are} held for you`,
    organizer: event.organizer,
    blocks: [
      greeting(buyer.name),
      paragraph(`You waited for this: ${tickets.toLowerCase()} came back, and ${are} held for you until ${until}.`),
      eventCard(event),
      orderLines(items, total),
      button('Pay now', checkoutUrl),
      note(`Unpaid by then, they go to the next on the list. You do not want ${them} any more? Then do nothing.`),
      orderNumber(orderId),
    ],
  });
};
