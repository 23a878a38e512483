import { wordMoney, type DataOf, type orderRefundRequested } from '@app/contracts';
import { greeting, note, orderNumber, paragraph } from '../content/blocks.js';
import { compose } from '../content/compose.js';
import { eventCard } from '../content/event-card.js';
import type { Template } from './template.js';

type Facts = DataOf<typeof orderRefundRequested>;

export const refund: Template<Facts> = (facts) => {
  const { event, buyer, orderId, reason } = facts;
  const owed = facts.amount.amount > 0;
  const amount = wordMoney(facts.amount);
  return compose({
    subject: owed ? `Your refund for ${event.title}` : `Tickets for ${event.title} were given back`,
    preview: owed ? `${amount} is on its way back to you.` : 'There is nothing to pay back.',
    heading: owed ? 'Your refund is on its way' : 'Your tickets were given back',
    organizer: event.organizer,
    blocks: [
      greeting(buyer.name),
      paragraph(
        `${reason === 'event-cancelled' ? CANCELLED : ''}${reason === 'resold' ? resold(facts.ticketIds.length) : givenBack(facts.ticketIds.length)}`,
      ),
      paragraph(
        owed
          ? `${amount} goes back to you, the way you paid.`
          : 'They had cost nothing, so there is nothing to pay back.',
      ),
      eventCard(event),
      orderNumber(orderId),
      ...(owed ? [note('It usually takes five to ten working days until your bank shows the money.')] : []),
    ],
  });
};

const resold = (tickets: number) =>
  tickets === 1
    ? 'Somebody else has bought the ticket that you gave back for resale.'
    : `Somebody else has bought ${tickets} tickets that you gave back for resale.`;

const CANCELLED = 'We are sorry: the organizer has cancelled the event. ';

/** None, when the organizer pays for tickets that were used. */
function givenBack(tickets: number): string {
  if (tickets === 0) return 'The organizer gives you money back for what you bought.';
  return tickets === 1
    ? 'One ticket of your order was given back and does not admit any more.'
    : `${tickets} tickets of your order were given back and do not admit any more.`;
}
